package io.headwater.engine;

import io.headwater.engine.dense.HeadSpec;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A reference head in plain Java and double precision: softmax regression or one hidden layer of rectified linear
 * units, cross-entropy, and Adam after Kingma and Ba (2015).
 */
public final class ReferenceHead {
    private final HeadSpec spec;
    private final Map<String, double[]> parameters = new TreeMap<>();
    private final Map<String, double[]> first = new TreeMap<>();
    private final Map<String, double[]> second = new TreeMap<>();
    private final int outputs;
    private long steps;

    public ReferenceHead(HeadSpec spec, HeadState state, int outputs) {
        this.spec = spec;
        this.outputs = outputs;
        state.parameters().forEach((name, tensor) -> {
            double[] values = new double[tensor.values().length];
            for (int i = 0; i < values.length; i++) {
                values[i] = tensor.values()[i];
            }
            parameters.put(name, values);
            first.put(name, new double[values.length]);
            second.put(name, new double[values.length]);
        });
    }

    public double[] parameter(String name) {
        return get(parameters, name);
    }

    public double loss(HeadData data) {
        double loss = 0;
        for (int row = 0; row < data.features().length; row++) {
            double[] p = softmax(affine("output", hidden(data.features()[row]), outputs));
            for (int k = 0; k < outputs; k++) {
                loss -= data.weights()[row] * data.targets()[row][k] * Math.log(Math.max(p[k], 1e-10));
            }
        }
        return loss / data.features().length;
    }

    public void train(HeadData data) {
        Map<String, double[]> gradient = gradient(data);
        steps++;
        parameters.forEach((name, values) -> {
            for (int i = 0; i < values.length; i++) {
                double g = get(gradient, name)[i];
                double m = get(first, name)[i] = 0.9 * get(first, name)[i] + 0.1 * g;
                double v = get(second, name)[i] = 0.999 * get(second, name)[i] + 0.001 * g * g;
                double rate = spec.learningRate() * Math.sqrt(1 - Math.pow(0.999, steps)) / (1 - Math.pow(0.9, steps));
                values[i] -= rate * m / (Math.sqrt(v) + 1e-8);
            }
        });
    }

    private Map<String, double[]> gradient(HeadData data) {
        Map<String, double[]> gradient = new TreeMap<>();
        parameters.forEach((name, values) -> gradient.put(name, new double[values.length]));
        int rows = data.features().length;
        for (int row = 0; row < rows; row++) {
            double[] h = hidden(data.features()[row]);
            double[] delta = softmax(affine("output", h, outputs));
            for (int k = 0; k < outputs; k++) {
                delta[k] = data.weights()[row] * (delta[k] - data.targets()[row][k]) / rows;
            }
            accumulate(gradient, "output", h, delta);
            if (spec.hidden() > 0) {
                double[] below = new double[spec.hidden()];
                for (int j = 0; j < below.length; j++) {
                    for (int k = 0; k < outputs && h[j] > 0; k++) {
                        below[j] += get(parameters, "output/W")[j * outputs + k] * delta[k];
                    }
                }
                accumulate(gradient, "hidden", widen(data.features()[row]), below);
            }
        }
        return gradient;
    }

    private static void accumulate(Map<String, double[]> gradient, String layer, double[] input, double[] delta) {
        for (int k = 0; k < delta.length; k++) {
            get(gradient, layer + "/b")[k] += delta[k];
            for (int j = 0; j < input.length; j++) {
                get(gradient, layer + "/W")[j * delta.length + k] += input[j] * delta[k];
            }
        }
    }

    private double[] hidden(float[] features) {
        double[] input = widen(features);
        if (spec.hidden() == 0) {
            return input;
        }
        double[] h = affine("hidden", input, spec.hidden());
        for (int j = 0; j < h.length; j++) {
            h[j] = Math.max(0, h[j]);
        }
        return h;
    }

    private double[] affine(String layer, double[] input, int width) {
        double[] out = get(parameters, layer + "/b").clone();
        for (int k = 0; k < width; k++) {
            for (int j = 0; j < input.length; j++) {
                out[k] += input[j] * get(parameters, layer + "/W")[j * width + k];
            }
        }
        return out;
    }

    private static double[] softmax(double[] logits) {
        double sum = 0;
        double[] p = new double[logits.length];
        for (int k = 0; k < p.length; k++) {
            p[k] = Math.exp(logits[k]);
            sum += p[k];
        }
        for (int k = 0; k < p.length; k++) {
            p[k] /= sum;
        }
        return p;
    }

    private static double[] widen(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private static double[] get(Map<String, double[]> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }
}
