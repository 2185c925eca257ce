package io.headwater.engine.learn;

import io.headwater.engine.Objective;

/**
 * The mean over the samples of a step of weight × loss, and its gradient by the logits.
 *
 * @param loss of the samples given, divided by all samples of the step
 * @param gradients by the logits of each sample, as these lie
 */
public record StepLoss(double loss, double[][] gradients) {

    /**
     * Loss and gradient of some samples of a step.
     *
     * @param logits of each
     * @param outputs values in a row of logits
     * @param targets of each, as the objective reads them
     * @param weights of each
     * @param samples of the whole step
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
