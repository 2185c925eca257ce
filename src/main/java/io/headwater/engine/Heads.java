package io.headwater.engine;

import io.headwater.engine.weights.Tensor;
import java.util.Map;

/**
 * Creates the heads of one adaptation. They all read the same features and have the same layers, whatever library
 * computes them. Safe for use by several threads, but the heads are not.
 */
public interface Heads extends AutoCloseable {

    /** Returns the number of features of a sample, or of each of its positions. */
    int inputs();

    /**
     * Returns the number of rows of logits of a sample: one for pooled features, else one for each token or frame.
     *
     * @param features the features of the sample
     */
    default int rows(float[] features) {
        return 1;
    }

    /**
     * Returns a text that describes the form of all heads of this instance. Heads of the same form accept each other's
     * states.
     */
    String form();

    /**
     * Returns whether the heads are one linear layer on frozen features that starts from nothing, so that its weights
     * can be computed in closed form.
     */
    default boolean linear() {
        return false;
    }

    /**
     * Creates a new, untrained head.
     *
     * @param outputs the number of classes, positive
     */
    Head create(int outputs);

    /**
     * Restores a head from {@code state}; training continues bit for bit.
     *
     * @throws IllegalArgumentException when the state does not belong to a head of this form, or is not finite
     */
    Head restore(HeadState state);

    /**
     * Creates a head for inference only.
     *
     * @param parameters the parameters, as in {@link HeadState#parameters}
     * @throws IllegalArgumentException when they do not belong to a head of this form, or are not finite
     */
    Head answering(Map<String, Tensor.F32> parameters);

    @Override
    void close();
}
