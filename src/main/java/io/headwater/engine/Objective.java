package io.headwater.engine;

/**
 * What a head learns to make small: how wrong the logits of its output layer are about one sample. Safe for use by several
 * threads; the same numbers give the same bits.
 */
public interface Objective {

    /**
     * The loss of one sample, and its gradient by the logits.
     *
     * @param logits of the sample, row-major: one row where features are pooled, else one for each token or frame
     * @param outputs values in a row, positive
     * @param target as its task codes it
     * @param gradient as many values as {@code logits}; overwritten
     * @return the loss, finite where logits are
     */
    double gradient(double[] logits, int outputs, float[] target, double[] gradient);
}
