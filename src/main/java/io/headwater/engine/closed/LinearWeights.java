package io.headwater.engine.closed;

import io.headwater.engine.weights.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The weights of an output layer on frozen features.
 *
 * @param inputs the number of features
 * @param outputs the number of outputs
 * @param weights finite, [inputs, outputs], row by row
 * @param biases finite, one per output
 */
public record LinearWeights(int inputs, int outputs, float[] weights, float[] biases) {

    /**
     * Creates weights whose logit of {@code x} is {@code height + direction' (scale * (x - mean))}. The bias is computed
     * from the weights as they were rounded, so that logits near the mean do not suffer from rounding where the mean is
     * large.
     *
     * @param directions [outputs, inputs]
     * @param heights one per output
     */
    static LinearWeights at(CentredMoments moments, double[] directions, double[] heights) {
        int inputs = moments.width();
        int outputs = heights.length;
        float[] weights = new float[inputs * outputs];
        float[] biases = new float[outputs];
        for (int output = 0; output < outputs; output++) {
            double bias = heights[output];
            for (int i = 0; i < inputs; i++) {
                float weight = finite(directions[output * inputs + i] * moments.scale()[i]);
                weights[i * outputs + output] = weight;
                bias -= weight * moments.mean()[i];
            }
            biases[output] = finite(bias);
        }
        return new LinearWeights(inputs, outputs, weights, biases);
    }

    private static float finite(double value) {
        return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
    }

    /** Returns weights whose logits are 0. */
    public static LinearWeights zero(int inputs, int outputs) {
        return new LinearWeights(inputs, outputs, new float[inputs * outputs], new float[outputs]);
    }

    /**
     * Returns the logits of a sample.
     *
     * @param features one row of features, or several rows one after another
     * @return a row of logits for each row of features, one after another
     */
    public float[] logits(float[] features) {
        int rows = features.length / inputs;
        float[] logits = new float[rows * outputs];
        double[] sums = new double[outputs];
        for (int row = 0; row < rows; row++) {
            for (int output = 0; output < outputs; output++) {
                sums[output] = biases[output];
            }
            for (int input = 0; input < inputs; input++) {
                double value = features[row * inputs + input];
                int at = input * outputs;
                for (int output = 0; output < outputs; output++) {
                    sums[output] += value * weights[at + output];
                }
            }
            for (int output = 0; output < outputs; output++) {
                logits[row * outputs + output] = (float) sums[output];
            }
        }
        return logits;
    }

    /** Returns the same weights for more outputs, whose logits are far below the lowest bias. */
    public LinearWeights grown(int size) {
        if (size <= outputs) {
            return this;
        }
        float[] matrix = new float[inputs * size];
        for (int input = 0; input < inputs; input++) {
            System.arraycopy(weights, input * outputs, matrix, input * size, outputs);
        }
        return new LinearWeights(inputs, size, matrix, AbsentClasses.grown(biases, size));
    }

    /**
     * Returns weights with some of the outputs only.
     *
     * @param some the outputs that remain, in their new order
     */
    public LinearWeights only(int[] some) {
        float[] matrix = new float[inputs * some.length];
        float[] remaining = new float[some.length];
        for (int i = 0; i < some.length; i++) {
            remaining[i] = biases[some[i]];
            for (int input = 0; input < inputs; input++) {
                matrix[input * some.length + i] = weights[input * outputs + some[i]];
            }
        }
        return new LinearWeights(inputs, some.length, matrix, remaining);
    }

    /**
     * Returns weights whose logits are the sum of those of {@code parts}, each multiplied by its factor.
     *
     * @param parts weights of the same inputs and outputs, at least one
     */
    public static LinearWeights sum(List<LinearWeights> parts, double[] factors) {
        LinearWeights first = parts.get(0);
        return new LinearWeights(
                first.inputs,
                first.outputs,
                sumOf(parts.stream().map(LinearWeights::weights).toList(), factors),
                sumOf(parts.stream().map(LinearWeights::biases).toList(), factors));
    }

    private static float[] sumOf(List<float[]> parts, double[] factors) {
        double[] sums = new double[parts.get(0).length];
        for (int part = 0; part < factors.length; part++) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += factors[part] * parts.get(part)[i];
            }
        }
        float[] rounded = new float[sums.length];
        for (int i = 0; i < sums.length; i++) {
            rounded[i] = finite(sums[i]);
        }
        return rounded;
    }

    /**
     * Returns weights of logits in which all classes are equally probable beforehand, instead of as probable as they are
     * frequent (Saerens, Latinne and Decaestecker, Adjusting the Outputs of a Classifier to New a Priori Probabilities,
     * 2002).
     *
     * @param frequencies frequency of each class; classes with a frequency of 0 stay as they are
     */
    public LinearWeights withUniformPrior(double[] frequencies) {
        long present = Arrays.stream(frequencies).filter(one -> one > 0).count();
        float[] shifted = biases.clone();
        for (int output = 0; output < outputs; output++) {
            if (frequencies[output] > 0) {
                shifted[output] -= (float) StrictMath.log(frequencies[output] * present);
            }
        }
        return new LinearWeights(inputs, outputs, weights, shifted);
    }

    /** Returns weights whose logits are these divided by {@code divisor}. */
    public LinearWeights divided(double divisor) {
        return new LinearWeights(inputs, outputs, divided(weights, divisor), divided(biases, divisor));
    }

    private static float[] divided(float[] values, double divisor) {
        float[] divided = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            divided[i] = (float) (values[i] / divisor);
        }
        return divided;
    }

    /** Returns the tensors {@code output/W} [inputs, outputs] and {@code output/b} [outputs] of a head's state. */
    public Map<String, Tensor.F32> parameters() {
        return Map.of(
                "output/W", new Tensor.F32(new int[] {inputs, outputs}, weights),
                "output/b", new Tensor.F32(new int[] {outputs}, biases));
    }
}
