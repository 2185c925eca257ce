package io.headwater.engine.learn;

import io.headwater.engine.Objective;

/**
 * The mean of weight × loss over the samples of a step, and its gradient with respect to the logits.
 *
 * @param loss the sum of weight × loss over the given samples, divided by the number of samples of the whole step
 * @param gradients the gradients with respect to the logits of each sample, in the layout of the logits
 */
public record StepLoss(double loss, double[][] gradients) {

    /**
     * Computes loss and gradient of some samples of a step.
     *
     * @param logits the logits of each sample
     * @param outputs the number of values in a row of logits
     * @param targets the target of each sample, in the form that the objective expects
     * @param weights the weight of each sample
     * @param samples the number of samples of the whole step
     */
    public static StepLoss of(
            Objective objective, double[][] logits, int outputs, float[][] targets, float[] weights, int samples) {
        double[][] gradients = new double[logits.length][];
        double loss = 0;
        for (int i = 0; i < logits.length; i++) {
            gradients[i] = new double[logits[i].length];
            double share = weights[i] / (double) samples;
            loss += share * objective.gradient(logits[i], outputs, targets[i], gradients[i]);
            for (int k = 0; k < gradients[i].length; k++) {
                gradients[i][k] *= share;
            }
        }
        return new StepLoss(loss, gradients);
    }
}
