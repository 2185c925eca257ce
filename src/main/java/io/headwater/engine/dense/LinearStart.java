package io.headwater.engine.dense;

import io.headwater.engine.HeadState;
import io.headwater.engine.weights.Tensor;
import java.util.Map;
import java.util.TreeMap;

/**
 * Initial weights with which a head computes given linear logits. With a hidden layer, each output has two hidden units
 * whose weights are opposite, since x = relu(x) - relu(-x); the other hidden units stay as they are drawn, and the output
 * layer does not read them yet.
 */
public final class LinearStart {
    /** The least variance, relative to the mean variance, so that no feature is divided by 0. */
    private static final double LEAST_VARIANCE = 1e-4;

    private LinearStart() {}

    /**
     * Returns whether a head can compute linear logits: it has no hidden layer, or one of at least two units for each
     * output.
     *
     * @param fresh the parameters of a new head
     */
    public static boolean fits(Map<String, Tensor.F32> fresh) {
        Tensor.F32 hidden = fresh.get("hidden/W");
        return hidden == null || hidden.shape()[1] >= 2 * HeadState.outputs(fresh);
    }

    /**
     * Returns the initial parameters.
     *
     * @param fresh the parameters of a new head
     * @param linear {@code output/W} [inputs, outputs] and {@code output/b} [outputs] of a head without a hidden layer
     * @param features the samples, each of one row of features or of one for each position, by whose mean and variance
     *     features are scaled in the hidden layer
     * @throws IllegalArgumentException when the head does not {@linkplain #fits fit}
     */
    public static Map<String, Tensor.F32> of(
            Map<String, Tensor.F32> fresh, Map<String, Tensor.F32> linear, float[][] features) {
        Tensor.F32 hidden = fresh.get("hidden/W");
        if (hidden == null) {
            return linear;
        }
        int inputs = hidden.shape()[0];
        int units = hidden.shape()[1];
        int outputs = HeadState.outputs(linear);
        if (units < 2 * outputs) {
            throw new IllegalArgumentException(
                    "linear logits need 2 hidden units for each output, but there are " + units + " for " + outputs);
        }
        Standard standard = Standard.of(SampleRows.flat(features), inputs);
        float[] weights = hidden.values().clone();
        float[] output = new float[units * outputs];
        double length = length(weights, units);
        float[] given = required(linear, "output/W").values();
        double[] logits = new double[outputs];
        for (int k = 0; k < outputs; k++) {
            double squares = 0;
            logits[k] = required(linear, "output/b").values()[k];
            for (int i = 0; i < inputs; i++) {
                logits[k] += given[i * outputs + k] * standard.mean[i];
                double weight = given[i * outputs + k] * standard.deviation[i];
                squares += weight * weight;
            }
            double factor = squares > 0 ? length / Math.sqrt(squares) : 0;
            for (int i = 0; i < inputs; i++) {
                float weight = (float) (given[i * outputs + k] * standard.deviation[i] * factor);
                weights[i * units + 2 * k] = weight;
                weights[i * units + 2 * k + 1] = -weight;
            }
            float back = factor > 0 ? (float) (1 / factor) : 0;
            output[2 * k * outputs + k] = back;
            output[(2 * k + 1) * outputs + k] = -back;
        }
        Map<String, Tensor.F32> parameters = standard.hidden(weights, units);
        parameters.put("output/W", new Tensor.F32(new int[] {units, outputs}, output));
        parameters.put("output/b", new Tensor.F32(new int[] {outputs}, floats(logits)));
        return parameters;
    }

    /**
     * Returns the parameters of a new head whose hidden layer, if it has one, reads the given features as it would read
     * features of mean 0 and variance 1.
     *
     * @param fresh the parameters of a new head
     * @param features the samples
     */
    public static Map<String, Tensor.F32> scaled(Map<String, Tensor.F32> fresh, float[][] features) {
        Map<String, Tensor.F32> scaled = new TreeMap<>(fresh);
        Tensor.F32 hidden = fresh.get("hidden/W");
        if (hidden != null) {
            Standard standard = Standard.of(SampleRows.flat(features), hidden.shape()[0]);
            scaled.putAll(standard.hidden(hidden.values(), hidden.shape()[1]));
        }
        return scaled;
    }

    private static Tensor.F32 required(Map<String, Tensor.F32> linear, String name) {
        Tensor.F32 tensor = linear.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("an output layer needs " + name + ", but has " + linear.keySet());
        }
        return tensor;
    }

    /** Returns the root of the mean squared length of a hidden unit's weights. */
    private static double length(float[] weights, int units) {
        double squares = 0;
        for (float weight : weights) {
            squares += weight * (double) weight;
        }
        return Math.sqrt(squares / units);
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** The mean and standard deviation of each feature. */
    private record Standard(double[] mean, double[] deviation) {

        static Standard of(float[] values, int width) {
            int rows = values.length / width;
            double[] mean = new double[width];
            double[] variance = new double[width];
            for (int at = 0; at < values.length; at++) {
                mean[at % width] += values[at] / (double) rows;
            }
            double all = 0;
            for (int at = 0; at < values.length; at++) {
                double difference = values[at] - mean[at % width];
                variance[at % width] += difference * difference / rows;
                all += difference * difference / rows;
            }
            double[] deviation = new double[width];
            for (int i = 0; i < width; i++) {
                double one = variance[i] + LEAST_VARIANCE * all / width;
                deviation[i] = one > 0 ? Math.sqrt(one) : 1;
            }
            return new Standard(mean, deviation);
        }

        /**
         * Returns the parameters of a hidden layer for features as they are.
         *
         * @param weights [features, units], for scaled features; a unit without a bias is 0 at the mean
         */
        Map<String, Tensor.F32> hidden(float[] weights, int units) {
            float[] divided = new float[weights.length];
            double[] biases = new double[units];
            for (int at = 0; at < divided.length; at++) {
                int input = at / units;
                divided[at] = (float) (weights[at] / deviation[input]);
                biases[at % units] -= divided[at] * mean[input];
            }
            Map<String, Tensor.F32> layer = new TreeMap<>();
            layer.put("hidden/W", new Tensor.F32(new int[] {weights.length / units, units}, divided));
            layer.put("hidden/b", new Tensor.F32(new int[] {units}, floats(biases)));
            return layer;
        }
    }
}
