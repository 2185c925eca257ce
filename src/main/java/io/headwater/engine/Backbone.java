package io.headwater.engine;

import io.headwater.domain.Digest;
import java.util.List;

/** The frozen part of a base model. Safe for use by several threads. */
public interface Backbone extends AutoCloseable {

    /** The base model that it is a part of: digest over its files, cut and preprocessing. */
    Digest digest();

    /** How many features it makes of one input. */
    int width();

    /**
     * The features of each input, in order. What an input gives does not depend on its neighbours in the list, bit for
     * bit.
     *
     * @param inputs of the kind that the base model reads
     * @return as many vectors of {@link #width()} finite values
     */
    List<float[]> features(List<ModelInput> inputs);

    @Override
    void close();
}
