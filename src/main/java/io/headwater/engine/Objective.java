package io.headwater.engine;

/**
 * The objective that the training of a head minimises: the loss of one sample's logits. Safe for use by several
 * threads; the same numbers give the same bits.
 */
public interface Objective {

    /**
     * Computes the loss of one sample, and its gradient with respect to the logits.
     *
     * @param logits the logits of the sample, row-major: one row for pooled features, else one for each token or frame
     * @param outputs the number of values in a row, positive
     * @param target the target in the encoding of its task
     * @param gradient receives the gradient; as many values as {@code logits}
     * @return the loss, finite if the logits are
     */
    double gradient(double[] logits, int outputs, float[] target, double[] gradient);
}
