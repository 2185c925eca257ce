package io.headwater.engine.graph;

import io.headwater.engine.graph.GraphModel.Vertex;
import io.headwater.engine.graph.layer.Activate;
import io.headwater.engine.graph.layer.Activation;
import io.headwater.engine.graph.layer.BatchNorm;
import io.headwater.engine.graph.layer.Combine;
import io.headwater.engine.graph.layer.Convolution;
import io.headwater.engine.graph.layer.Crop;
import io.headwater.engine.graph.layer.Dense;
import io.headwater.engine.graph.layer.Dropout;
import io.headwater.engine.graph.layer.GlobalPool;
import io.headwater.engine.graph.layer.LastStep;
import io.headwater.engine.graph.layer.Operation;
import io.headwater.engine.graph.layer.Pad;
import io.headwater.engine.graph.layer.Padding;
import io.headwater.engine.graph.layer.PoolKind;
import io.headwater.engine.graph.layer.Recurrent;
import io.headwater.engine.graph.layer.Reshape;
import io.headwater.engine.graph.layer.Shape;
import io.headwater.engine.graph.layer.Size;
import io.headwater.engine.graph.layer.Upsample;
import io.headwater.engine.graph.layer.WindowPool;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A reference implementation of the operations with plain loops in double precision, for one input at a time, images
 * channels first.
 */
final class PlainNetwork {
    private final GraphModel model;
    private final Map<String, Shape> shapes;

    PlainNetwork(GraphModel model) {
        this.model = model;
        shapes = model.shapes();
    }

    /** Returns the output of every vertex. */
    Map<String, double[]> run(float[] input) {
        Map<String, double[]> values = new HashMap<>();
        double[] in = new double[input.length];
        for (int i = 0; i < in.length; i++) {
            in[i] = input[i];
        }
        values.put(model.input().name(), in);
        for (Vertex vertex : model.vertices()) {
            values.put(
                    vertex.name(),
                    apply(
                            vertex,
                            vertex.inputs().stream()
                                    .map(name -> Objects.requireNonNull(values.get(name)))
                                    .toList()));
        }
        return values;
    }

    private double[] apply(Vertex vertex, List<double[]> in) {
        Operation op = vertex.operation();
        Shape from = shape(vertex.inputs().get(0));
        double[] x = in.get(0);
        if (op instanceof Convolution one) {
            return activate(one.activation(), convolution(vertex, one, x, (Shape.Image) from));
        }
        if (op instanceof Dense one) {
            return activate(one.activation(), dense(vertex, one, x));
        }
        if (op instanceof Activate one) {
            return activate(one.activation(), x);
        }
        if (op instanceof WindowPool one) {
            return pool(one, x, (Shape.Image) from, (Shape.Image) shape(vertex.name()));
        }
        if (op instanceof BatchNorm one) {
            return norm(vertex, one, x);
        }
        if (op instanceof Combine one) {
            return combine(one, in);
        }
        if (op instanceof GlobalPool one && from instanceof Shape.Image image) {
            Size all = new Size(image.height(), image.width());
            return pool(
                    new WindowPool(one.kind(), all, all, Padding.VALID),
                    x,
                    image,
                    new Shape.Image(image.channels(), 1, 1));
        }
        if (op instanceof Recurrent one) {
            return recurrent(vertex, one, x, ((Shape.Sequence) from).width());
        }
        if (op instanceof LastStep) {
            int width = ((Shape.Sequence) from).width();
            return java.util.Arrays.copyOfRange(x, x.length - width, x.length);
        }
        if (op instanceof Pad || op instanceof Crop || op instanceof Upsample) {
            return moved(op, x, (Shape.Image) from, (Shape.Image) shape(vertex.name()));
        }
        if (op instanceof Dropout || op instanceof Reshape) {
            return x;
        }
        throw new AssertionError(op);
    }

    private double[] convolution(Vertex vertex, Convolution op, double[] x, Shape.Image from) {
        Shape.Image to = (Shape.Image) shape(vertex.name());
        float[] w = weight(vertex, "W");
        double[] y = new double[to.size()];
        int kh = op.kernel().height();
        int kw = op.kernel().width();
        int top = before(
                op.padding(),
                op.padding().height(),
                from.height(),
                to.height(),
                kh,
                op.strides().height(),
                op.dilation().height());
        int left = before(
                op.padding(),
                op.padding().width(),
                from.width(),
                to.width(),
                kw,
                op.strides().width(),
                op.dilation().width());
        boolean deep = op.kind() == Convolution.Kind.DEPTHWISE;
        for (int o = 0; o < to.channels(); o++) {
            for (int r = 0; r < to.height(); r++) {
                for (int c = 0; c < to.width(); c++) {
                    double sum = op.bias() ? weight(vertex, "b")[o] : 0;
                    for (int i = 0; i < from.channels(); i++) {
                        for (int a = 0; a < kh; a++) {
                            for (int b = 0; b < kw; b++) {
                                int row = r * op.strides().height()
                                        + a * op.dilation().height()
                                        - top;
                                int column = c * op.strides().width()
                                        + b * op.dilation().width()
                                        - left;
                                if (row < 0 || row >= from.height() || column < 0 || column >= from.width()) {
                                    continue;
                                }
                                double value = x[(i * from.height() + row) * from.width() + column];
                                if (!deep) {
                                    sum += value * w[((o * from.channels() + i) * kh + a) * kw + b];
                                } else if (o / op.multiplier() == i) {
                                    sum += value
                                            * w[
                                                    ((a * kw + b) * from.channels() + i) * op.multiplier()
                                                            + o % op.multiplier()];
                                }
                            }
                        }
                    }
                    y[(o * to.height() + r) * to.width() + c] = sum;
                }
            }
        }
        return y;
    }

    private static double[] pool(WindowPool op, double[] x, Shape.Image from, Shape.Image to) {
        double[] y = new double[to.size()];
        int top = before(
                op.padding(),
                op.padding().height(),
                from.height(),
                to.height(),
                op.kernel().height(),
                op.strides().height(),
                1);
        int left = before(
                op.padding(),
                op.padding().width(),
                from.width(),
                to.width(),
                op.kernel().width(),
                op.strides().width(),
                1);
        for (int o = 0; o < y.length; o++) {
            int r = o / to.width() % to.height();
            int c = o % to.width();
            int channel = o / to.width() / to.height();
            double sum = 0;
            double max = Double.NEGATIVE_INFINITY;
            int count = 0;
            for (int row = Math.max(0, r * op.strides().height() - top);
                    row
                            < Math.min(
                                    from.height(),
                                    r * op.strides().height()
                                            - top
                                            + op.kernel().height());
                    row++) {
                for (int column = Math.max(0, c * op.strides().width() - left);
                        column
                                < Math.min(
                                        from.width(),
                                        c * op.strides().width()
                                                - left
                                                + op.kernel().width());
                        column++) {
                    double value = x[(channel * from.height() + row) * from.width() + column];
                    sum += value;
                    max = Math.max(max, value);
                    count++;
                }
            }
            y[o] = op.kind() == PoolKind.MAX ? max : sum / count;
        }
        return y;
    }

    /** Returns the number of padding zeros before the first value. */
    private static int before(Padding padding, int given, int in, int out, int kernel, int stride, int dilation) {
        int all = Math.max(0, (out - 1) * stride + (kernel - 1) * dilation + 1 - in);
        return padding.same() ? all / 2 : given;
    }

    private static double[] moved(Operation op, double[] x, Shape.Image from, Shape.Image to) {
        double[] y = new double[to.size()];
        for (int o = 0; o < y.length; o++) {
            int r = o / to.width() % to.height();
            int c = o % to.width();
            int channel = o / to.width() / to.height();
            if (op instanceof Pad pad) {
                r -= pad.sides().top();
                c -= pad.sides().left();
            } else if (op instanceof Crop crop) {
                r += crop.sides().top();
                c += crop.sides().left();
            } else if (op instanceof Upsample up) {
                r /= up.factor().height();
                c /= up.factor().width();
            }
            if (r >= 0 && r < from.height() && c >= 0 && c < from.width()) {
                y[o] = x[(channel * from.height() + r) * from.width() + c];
            }
        }
        return y;
    }

    private double[] dense(Vertex vertex, Dense op, double[] x) {
        float[] w = weight(vertex, "W");
        double[] y = new double[op.units()];
        for (int o = 0; o < y.length; o++) {
            y[o] = op.bias() ? weight(vertex, "b")[o] : 0;
            for (int i = 0; i < x.length; i++) {
                y[o] += x[i] * w[i * y.length + o];
            }
        }
        return y;
    }

    private double[] norm(Vertex vertex, BatchNorm op, double[] x) {
        int channels = weight(vertex, "mean").length;
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int c = i / (x.length / channels);
            y[i] = (x[i] - weight(vertex, "mean")[c])
                            / Math.sqrt(weight(vertex, "var")[c] + op.epsilon())
                            * weight(vertex, "gamma")[c]
                    + weight(vertex, "beta")[c];
        }
        return y;
    }

    private static double[] combine(Combine op, List<double[]> in) {
        if (op.kind() == Combine.Kind.CONCAT) {
            return in.stream().flatMapToDouble(java.util.Arrays::stream).toArray();
        }
        double[] y = in.get(0).clone();
        for (double[] x : in.subList(1, in.size())) {
            for (int i = 0; i < y.length; i++) {
                y[i] = switch (op.kind()) {
                    case ADD, AVERAGE -> y[i] + x[i];
                    case SUBTRACT -> y[i] - x[i];
                    case MULTIPLY -> y[i] * x[i];
                    default -> Math.max(y[i], x[i]);
                };
            }
        }
        if (op.kind() == Combine.Kind.AVERAGE) {
            for (int i = 0; i < y.length; i++) {
                y[i] /= in.size();
            }
        }
        return y;
    }

    private double[] recurrent(Vertex vertex, Recurrent op, double[] x, int width) {
        int units = op.units();
        int columns = weight(vertex, "b").length;
        double[] state = new double[units];
        double[] cell = new double[units];
        double[] y = new double[x.length / width * units];
        for (int step = 0; step < x.length / width; step++) {
            double[] z = new double[columns];
            for (int o = 0; o < columns; o++) {
                z[o] = weight(vertex, "b")[o];
                for (int i = 0; i < width; i++) {
                    z[o] += x[step * width + i] * weight(vertex, "W")[i * columns + o];
                }
                for (int i = 0; i < units; i++) {
                    z[o] += state[i] * weight(vertex, "RW")[i * columns + o];
                }
            }
            double[] next = new double[units];
            for (int i = 0; i < units; i++) {
                if (op.kind() == Recurrent.Kind.SIMPLE) {
                    next[i] = value(op.activation(), z[i]);
                } else {
                    cell[i] = value(op.gates(), z[units + i]) * cell[i]
                            + value(op.gates(), z[3 * units + i]) * value(op.activation(), z[i]);
                    next[i] = value(op.gates(), z[2 * units + i]) * value(op.activation(), cell[i]);
                }
            }
            state = next;
            System.arraycopy(state, 0, y, step * units, units);
        }
        return y;
    }

    private static double[] activate(Activation activation, double[] x) {
        double[] y = new double[x.length];
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            y[i] = activation.kind() == Activation.Kind.SOFTMAX ? Math.exp(x[i]) : value(activation, x[i]);
            sum += y[i];
        }
        for (int i = 0; activation.kind() == Activation.Kind.SOFTMAX && i < y.length; i++) {
            y[i] /= sum;
        }
        return y;
    }

    private static double value(Activation activation, double x) {
        return switch (activation.kind()) {
            case LINEAR -> x;
            case RELU -> Math.max(0, x);
            case RELU6 -> Math.min(6, Math.max(0, x));
            case LEAKY_RELU -> x > 0 ? x : activation.slope() * x;
            case ELU -> x > 0 ? x : activation.slope() * Math.expm1(x);
            case SELU -> 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x));
            case SIGMOID -> 1 / (1 + Math.exp(-x));
            case HARD_SIGMOID -> Math.min(1, Math.max(0, 0.2 * x + 0.5));
            case TANH -> Math.tanh(x);
            case SOFTPLUS -> Math.log1p(Math.exp(x));
            case SOFTSIGN -> x / (1 + Math.abs(x));
            case SWISH -> x / (1 + Math.exp(-x));
            case SOFTMAX -> throw new AssertionError();
        };
    }

    private Shape shape(String name) {
        return Objects.requireNonNull(shapes.get(name));
    }

    private float[] weight(Vertex vertex, String key) {
        return Objects.requireNonNull(model.weights().get(vertex.name() + "/" + key))
                .values();
    }
}
