package io.headwater.engine.closed;

import io.headwater.engine.weights.Tensor;
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

    /** Returns the logits of one row of features. */
    public float[] logits(float[] features) {
        double[] sums = new double[outputs];
        for (int i = 0; i < inputs; i++) {
            for (int output = 0; output < outputs; output++) {
                sums[output] += (double) features[i] * weights[i * outputs + output];
            }
        }
        float[] logits = new float[outputs];
        for (int output = 0; output < outputs; output++) {
            logits[output] = (float) (sums[output] + biases[output]);
        }
        return logits;
    }

    /** Returns the tensors {@code output/W} [inputs, outputs] and {@code output/b} [outputs] of a head's state. */
    public Map<String, Tensor.F32> parameters() {
        return Map.of(
                "output/W", new Tensor.F32(new int[] {inputs, outputs}, weights),
                "output/b", new Tensor.F32(new int[] {outputs}, biases));
    }
}
