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
import io.headwater.engine.graph.layer.Embedding;
import io.headwater.engine.graph.layer.GlobalPool;
import io.headwater.engine.graph.layer.LastStep;
import io.headwater.engine.graph.layer.Operation;
import io.headwater.engine.graph.layer.Pad;
import io.headwater.engine.graph.layer.Padding;
import io.headwater.engine.graph.layer.PoolKind;
import io.headwater.engine.graph.layer.Recurrent;
import io.headwater.engine.graph.layer.Reshape;
import io.headwater.engine.graph.layer.Shape;
import io.headwater.engine.graph.layer.Sides;
import io.headwater.engine.graph.layer.Size;
import io.headwater.engine.graph.layer.Upsample;
import io.headwater.engine.graph.layer.WindowPool;
import io.headwater.engine.weights.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Graph models with random weights. */
final class GraphModels {
    static final Activation RELU = new Activation(Activation.Kind.RELU, 0);
    static final Activation TANH = new Activation(Activation.Kind.TANH, 0);
    static final Activation SIGMOID = new Activation(Activation.Kind.SIGMOID, 0);
    static final Size TWO = new Size(2, 2);
    static final Size THREE = new Size(3, 3);

    private final Shape input;
    private final List<Vertex> vertices = new ArrayList<>();
    private String last = "in";

    GraphModels(Shape input) {
        this.input = input;
    }

    /** Adds a vertex on top of the last one. */
    GraphModels then(String name, Operation operation) {
        return add(name, operation, last);
    }

    GraphModels add(String name, Operation operation, String... inputs) {
        vertices.add(new Vertex(name, List.of(inputs), operation));
        last = name;
        return this;
    }

    GraphModel build(long seed) {
        Random random = new Random(seed);
        Map<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put("in", input);
        SortedMap<String, Tensor.F32> weights = new TreeMap<>();
        for (Vertex vertex : vertices) {
            GraphModel.weights(vertex, shapes)
                    .forEach((name, shape) -> weights.put(name, new Tensor.F32(shape, values(name, shape, random))));
            shapes.put(vertex.name(), vertex.operation().output(GraphModel.inputs(vertex, shapes)));
        }
        return new GraphModel(new GraphModel.Input("in", input), vertices, last, weights);
    }

    /** Convolutions, pooling, and dense layers, after Simonyan and Zisserman. */
    static GraphModel vgg(int size, int channels, int filters, long seed) {
        return new GraphModels(new Shape.Image(channels, size, size))
                .then("conv1", convolution(filters, Padding.SAME, Size.ONE, RELU))
                .then("conv2", convolution(filters, Padding.VALID, Size.ONE, TANH))
                .then("pool", new WindowPool(PoolKind.MAX, TWO, TWO, Padding.VALID))
                .then("conv3", convolution(filters + 1, new Padding(false, 1, 1), TWO, RELU))
                .then("flat", new Reshape(new Shape.Features((filters + 1) * square((size - 2) / 2))))
                .then("drop", new Dropout())
                .then("fc", new Dense(5, true, RELU))
                .then("classifier", new Dense(3, true, Activation.SOFTMAX))
                .build(seed);
    }

    /** Batch normalization and a shortcut, after He and others. */
    static GraphModel resnet(int size, int filters, long seed) {
        return new GraphModels(new Shape.Image(3, size, size))
                .then("conv", convolution(filters, Padding.SAME, Size.ONE, Activation.LINEAR))
                .then("bn", new BatchNorm(1e-3))
                .then("relu", new Activate(RELU))
                .then("a/conv1", convolution(filters, Padding.SAME, TWO, Activation.LINEAR))
                .then("a/bn1", new BatchNorm(1e-3))
                .then("a/relu1", new Activate(RELU))
                .then("a/conv2", convolution(filters, Padding.SAME, Size.ONE, Activation.LINEAR))
                .then("a/bn2", new BatchNorm(1e-3))
                .add("a/short", window(filters, Size.ONE, Padding.SAME, TWO, Activation.LINEAR), "relu")
                .add("a/add", new Combine(Combine.Kind.ADD), "a/bn2", "a/short")
                .then("a/relu2", new Activate(RELU))
                .add("b/add", new Combine(Combine.Kind.SUBTRACT), "a/add", "a/relu2")
                .then("mean", new GlobalPool(PoolKind.AVERAGE))
                .then("classifier", new Dense(4, true, Activation.SOFTMAX))
                .build(seed);
    }

    /** Parallel branches that are joined, a depthwise convolution, and the remaining image operations. */
    static GraphModel inception(int size, long seed) {
        int half = (size + 1) / 2;
        return new GraphModels(new Shape.Image(2, size, size))
                .then("pad", new Pad(new Sides(1, 0, 2, 1)))
                .then("crop", new Crop(new Sides(0, 1, 2, 1)))
                .add("left", window(3, Size.ONE, Padding.SAME, TWO, TANH), "crop")
                .add(
                        "deep",
                        new Convolution(
                                Convolution.Kind.DEPTHWISE, 4, 2, THREE, TWO, Size.ONE, Padding.SAME, true, TANH),
                        "crop")
                .add("pool", new WindowPool(PoolKind.AVERAGE, THREE, TWO, Padding.SAME), "crop")
                .add("join", new Combine(Combine.Kind.CONCAT), "left", "deep", "pool")
                .then("bn", new BatchNorm(1e-2))
                .then("up", new Upsample(TWO))
                .then(
                        "wide",
                        new Convolution(
                                Convolution.Kind.STANDARD, 3, 1, TWO, Size.ONE, TWO, Padding.VALID, false, SIGMOID))
                .then("flat", new Reshape(new Shape.Features(3 * (2 * half - 2) * (2 * half - 2))))
                .then("fc", new Dense(6, false, new Activation(Activation.Kind.LEAKY_RELU, 0.1)))
                .then("bn2", new BatchNorm(1e-3))
                .then("act", new Activate(new Activation(Activation.Kind.ELU, 1)))
                .then("classifier", new Dense(3, true, Activation.SOFTMAX))
                .build(seed);
    }

    static GraphModel recurrent(Recurrent.Kind kind, int width, int steps, int units, long seed) {
        Activation gates = kind == Recurrent.Kind.LSTM ? SIGMOID : Activation.LINEAR;
        return new GraphModels(new Shape.Sequence(width, steps))
                .then("rnn1", new Recurrent(kind, units, TANH, gates))
                .then("rnn2", new Recurrent(kind, units + 1, TANH, gates))
                .then("last", new LastStep())
                .then("fc", new Dense(4, true, TANH))
                .then("classifier", new Dense(3, true, Activation.SOFTMAX))
                .build(seed);
    }

    static GraphModel text(long seed) {
        return new GraphModels(new Shape.Tokens(0))
                .then("words", new Embedding(20, 5))
                .then("rnn", new Recurrent(Recurrent.Kind.LSTM, 4, TANH, SIGMOID))
                .then("mean", new GlobalPool(PoolKind.AVERAGE))
                .then("classifier", new Dense(3, true, Activation.SOFTMAX))
                .build(seed);
    }

    static Convolution convolution(int filters, Padding padding, Size strides, Activation activation) {
        return window(filters, THREE, padding, strides, activation);
    }

    static float[][] rows(Shape shape, int count, long seed) {
        Random random = new Random(seed);
        float[][] rows = new float[count][shape.size()];
        for (float[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return rows;
    }

    private static Convolution window(int filters, Size kernel, Padding padding, Size strides, Activation activation) {
        return new Convolution(
                Convolution.Kind.STANDARD, filters, 1, kernel, strides, Size.ONE, padding, true, activation);
    }

    private static int square(int size) {
        int half = (size + 1) / 2;
        return half * half;
    }

    private static float[] values(String name, int[] shape, Random random) {
        int size = 1;
        for (int axis : shape) {
            size *= axis;
        }
        float scale =
                name.endsWith("W") ? (float) (1.5 / Math.sqrt(size / (double) shape[shape.length == 4 ? 0 : 1])) : 0.3f;
        if (name.startsWith("classifier/")) {
            scale /= 10; // the loss clips probabilities at 1e-10, which would hide the gradient
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = name.endsWith("/var") || name.endsWith("/gamma")
                    ? 0.5f + random.nextFloat()
                    : (float) random.nextGaussian() * scale;
        }
        return values;
    }
}
