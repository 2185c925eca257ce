package io.headwater.adapt.race;

import io.headwater.engine.closed.LinearWeights;
import java.util.Arrays;

/** Computes the logits of linear weights. */
final class LinearLogits {
    /** By how much the logits of unknown outputs are below the lowest bias. */
    private static final float UNKNOWN = 64;

    private LinearLogits() {}

    /**
     * Returns the logits of a sample.
     *
     * @param features one row of features, or several rows one after another
     * @return a row of logits for each row of features, one after another
     */
    static float[] of(LinearWeights weights, float[] features) {
        int inputs = weights.inputs();
        int outputs = weights.outputs();
        int rows = features.length / inputs;
        float[] matrix = weights.weights();
        float[] bias = weights.biases();
        float[] logits = new float[rows * outputs];
        double[] sums = new double[outputs];
        for (int row = 0; row < rows; row++) {
            for (int output = 0; output < outputs; output++) {
                sums[output] = bias[output];
            }
            for (int input = 0; input < inputs; input++) {
                double value = features[row * inputs + input];
                int at = input * outputs;
                for (int output = 0; output < outputs; output++) {
                    sums[output] += value * matrix[at + output];
                }
            }
            for (int output = 0; output < outputs; output++) {
                logits[row * outputs + output] = (float) sums[output];
            }
        }
        return logits;
    }

    /** Returns the logits of each sample. */
    static float[][] of(LinearWeights weights, float[][] features) {
        float[][] logits = new float[features.length][];
        for (int i = 0; i < features.length; i++) {
            logits[i] = of(weights, features[i]);
        }
        return logits;
    }

    /** Returns the same weights for more outputs, whose logits are far below the others. */
    static LinearWeights grown(LinearWeights weights, int outputs) {
        if (outputs <= weights.outputs()) {
            return weights;
        }
        float lowest = Float.MAX_VALUE;
        for (float bias : weights.biases()) {
            lowest = Math.min(lowest, bias);
        }
        float[] matrix = new float[weights.inputs() * outputs];
        for (int input = 0; input < weights.inputs(); input++) {
            System.arraycopy(weights.weights(), input * weights.outputs(), matrix, input * outputs, weights.outputs());
        }
        float[] biases = Arrays.copyOf(weights.biases(), outputs);
        Arrays.fill(biases, weights.outputs(), outputs, lowest - UNKNOWN);
        return new LinearWeights(weights.inputs(), outputs, matrix, biases);
    }

    /** Returns weights whose logits are 0. */
    static LinearWeights zero(int inputs, int outputs) {
        return new LinearWeights(inputs, outputs, new float[inputs * outputs], new float[outputs]);
    }

    /** Returns weights whose logits are those of {@code weights} divided by {@code temperature}. */
    static LinearWeights divided(LinearWeights weights, double temperature) {
        return new LinearWeights(
                weights.inputs(),
                weights.outputs(),
                divided(weights.weights(), temperature),
                divided(weights.biases(), temperature));
    }

    private static float[] divided(float[] values, double divisor) {
        float[] divided = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            divided[i] = (float) (values[i] / divisor);
        }
        return divided;
    }
}
