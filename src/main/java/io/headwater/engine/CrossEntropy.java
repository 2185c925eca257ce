package io.headwater.engine;

/**
 * Cross-entropy of softmax, in double precision. A target is a probability for each output. The gradient with respect
 * to a logit is probability − target.
 */
public final class CrossEntropy implements Objective {
    /** The sum of a target may differ from 1 by rounding only, because the gradient is correct only for a sum of 1. */
    private static final double TOLERANCE = 1e-4;

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException when the target is not a probability distribution over {@code outputs} classes
     */
    @Override
    public double gradient(double[] logits, int outputs, float[] target, double[] gradient) {
        if (target.length != outputs || logits.length != outputs) {
            throw new IllegalArgumentException("cross-entropy needs a probability for each of " + outputs
                    + " classes, but has " + target.length + " of them and " + logits.length + " logits");
        }
        double sum = 0;
        for (float probability : target) {
            sum += probability;
        }
        if (!(Math.abs(sum - 1) <= TOLERANCE)) {
            throw new IllegalArgumentException("targets must sum to 1, but sum to " + sum);
        }
        double[] probabilities = Softmax.ofRow(logits, 0, outputs).probabilities();
        double loss = 0;
        for (int i = 0; i < outputs; i++) {
            if (target[i] > 0) {
                loss -= target[i] * StrictMath.log(Math.max(probabilities[i], Double.MIN_NORMAL));
            }
            gradient[i] = probabilities[i] - target[i];
        }
        return loss;
    }
}
