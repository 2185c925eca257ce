package io.headwater.engine;

import io.headwater.engine.weights.Tensor;
import java.util.Map;

/**
 * Makes the heads of one adaptation: all read the same features and have the same layers, whatever library computes them.
 * Safe for use by several threads; the heads are not.
 */
public interface Heads extends AutoCloseable {

    /** How many features the heads read of a sample, or of each position of one. */
    int inputs();

    /**
     * How many rows of logits a head gives of a sample: one where features are pooled, else one for each token or frame.
     *
     * @param features of the sample
     */
    default int rows(float[] features) {
        return 1;
    }

    /** What all heads that this makes have in common, as text. Heads of the same form take each other's states. */
    String form();

    /**
     * A new head, before it has learned.
     *
     * @param outputs classes, positive
     */
    Head create(int outputs);

    /**
     * A head that goes on from {@code state}, bit for bit.
     *
     * @throws IllegalArgumentException when the state is not one of a head of this form, or is not finite
     */
    Head restore(HeadState state);

    /**
     * A head that answers and is not meant to be trained.
     *
     * @param parameters as {@link HeadState#parameters} has them
     * @throws IllegalArgumentException when they are not those of a head of this form, or are not finite
     */
    Head answering(Map<String, Tensor.F32> parameters);

    @Override
    void close();
}
