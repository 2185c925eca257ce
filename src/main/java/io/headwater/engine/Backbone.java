package io.headwater.engine;

import io.headwater.domain.Digest;
import java.util.List;

/** The frozen part of a base model. Safe for use by several threads. */
public interface Backbone extends AutoCloseable {

    /** Returns the identity of the backbone: a digest of its files, cut and preprocessing. */
    Digest digest();

    /** Returns the number of features of one input. */
    int width();

    /**
     * Returns the features of each input, in order. The features of an input do not depend on the other inputs in the
     * list, bit for bit.
     *
     * @param inputs inputs of the kind that the base model reads
     * @return one vector of {@link #width()} finite values per input
     */
    List<float[]> features(List<ModelInput> inputs);

    @Override
    void close();
}
