package io.headwater.engine.closed;

import org.jspecify.annotations.Nullable;

/**
 * The gradient of the objective of {@link Logistic} by its definition, sample by sample.
 *
 * @param atHand the rows at hand, which are the first of {@code all}
 * @param anchor the anchor of the summary of the other rows, or {@code null} for no summary
 */
record LogisticGradient(Blobs atHand, Blobs all, @Nullable LinearWeights anchor, double penalty) {

    static LogisticGradient of(Blobs atHand, Blobs all, @Nullable LinearWeights anchor, double strength) {
        return new LogisticGradient(atHand, all, anchor, all.rows()[0].length / strength);
    }

    /** Returns the length of the gradient with respect to the weights of scaled features. */
    double length(LinearWeights weights) {
        double[] mean = mean();
        double scale = scale(mean);
        double[][] scaled = scaled(weights, mean, scale);
        double[][] gradient = new double[mean.length + 1][all.outputs()];
        for (int row = 0; row < atHand.rows().length; row++) {
            double[] features = scaled(atHand.rows()[row], mean, scale);
            double[] probabilities = probabilities(features, scaled);
            for (int i = 0; i <= mean.length; i++) {
                for (int output = 0; output < all.outputs(); output++) {
                    double residual = (output == atHand.classes()[row] ? 1 : 0) - probabilities[output];
                    gradient[i][output] += features[i] * residual;
                }
            }
        }
        for (int i = 0; i < mean.length; i++) {
            for (int output = 0; output < all.outputs(); output++) {
                gradient[i][output] -= penalty * scaled[i][output];
            }
        }
        if (anchor != null) {
            subtractSummary(gradient, scaled, scaled(anchor, mean, scale), mean, scale);
        }
        double squares = 0;
        for (double[] row : gradient) {
            for (double value : row) {
                squares += value * value;
            }
        }
        return Math.sqrt(squares);
    }

    /** The rows that are not at hand follow those that are. Features and bias have curvatures of their own. */
    private void subtractSummary(
            double[][] gradient, double[][] weights, double[][] anchor, double[] mean, double scale) {
        for (int row = atHand.rows().length; row < all.rows().length; row++) {
            double[] features = scaled(all.rows()[row], mean, scale);
            for (int output = 0; output < all.outputs(); output++) {
                double departure = 0;
                for (int i = 0; i < mean.length; i++) {
                    departure += features[i] * (weights[i][output] - anchor[i][output]);
                }
                for (int i = 0; i < mean.length; i++) {
                    gradient[i][output] -= 0.25 * features[i] * departure;
                }
                gradient[mean.length][output] -= 0.25 * (weights[mean.length][output] - anchor[mean.length][output]);
            }
        }
    }

    private double[] mean() {
        double[] mean = new double[all.rows()[0].length];
        for (float[] row : all.rows()) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += row[i] / (double) all.rows().length;
            }
        }
        return mean;
    }

    private double scale(double[] mean) {
        double squares = 0;
        for (float[] row : all.rows()) {
            for (int i = 0; i < mean.length; i++) {
                squares += Math.pow(row[i] - mean[i], 2);
            }
        }
        return Math.sqrt(squares / all.rows().length / mean.length);
    }

    private static double[] scaled(float[] row, double[] mean, double scale) {
        double[] scaled = new double[mean.length + 1];
        for (int i = 0; i < mean.length; i++) {
            scaled[i] = (row[i] - mean[i]) / scale;
        }
        scaled[mean.length] = 1;
        return scaled;
    }

    /** Weights for scaled features, whose mean over the outputs is 0. */
    private static double[][] scaled(LinearWeights weights, double[] mean, double scale) {
        int outputs = weights.outputs();
        double[][] scaled = new double[mean.length + 1][outputs];
        for (int output = 0; output < outputs; output++) {
            scaled[mean.length][output] = weights.biases()[output];
            for (int i = 0; i < mean.length; i++) {
                scaled[i][output] = weights.weights()[i * outputs + output] * scale;
                scaled[mean.length][output] += weights.weights()[i * outputs + output] * mean[i];
            }
        }
        for (double[] row : scaled) {
            double average = java.util.Arrays.stream(row).average().orElseThrow();
            for (int output = 0; output < outputs; output++) {
                row[output] -= average;
            }
        }
        return scaled;
    }

    private static double[] probabilities(double[] features, double[][] weights) {
        double[] probabilities = new double[weights[0].length];
        double sum = 0;
        for (int output = 0; output < probabilities.length; output++) {
            double logit = 0;
            for (int i = 0; i < features.length; i++) {
                logit += features[i] * weights[i][output];
            }
            probabilities[output] = Math.exp(logit);
            sum += probabilities[output];
        }
        for (int output = 0; output < probabilities.length; output++) {
            probabilities[output] /= sum;
        }
        return probabilities;
    }
}
