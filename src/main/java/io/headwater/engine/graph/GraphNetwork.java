package io.headwater.engine.graph;

import io.headwater.engine.device.Nd4jRuntime;
import io.headwater.engine.graph.GraphModel.Vertex;
import io.headwater.engine.graph.layer.Activation;
import io.headwater.engine.graph.layer.BatchNorm;
import io.headwater.engine.graph.layer.Dense;
import io.headwater.engine.graph.layer.Dropout;
import io.headwater.engine.graph.layer.Shape;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Builds the Deeplearning4j graph of a part of a graph model. */
final class GraphNetwork {
    /** Suffix of the name of the identity layer above a final batch normalization. */
    private static final String LAST = "-output";

    private GraphNetwork() {}

    /**
     * Builds the part of {@code model} above {@code from} up to {@code to} for inference and export, with its weights.
     *
     * @param loss if not null, the last vertex, which must be a dense layer, becomes an output layer with this loss
     */
    static ComputationGraph answering(
            GraphModel model, String from, String to, @Nullable ILossFunction loss, DataType type) {
        ComputationGraph graph = build(model, from, to, loss, null, type);
        for (Vertex vertex : GraphCut.between(model, from, to)) {
            vertex.operation()
                    .weights(GraphModel.inputs(vertex, model.shapes()))
                    .keySet()
                    .forEach(key -> set(
                            graph,
                            vertex.name(),
                            key,
                            Objects.requireNonNull(model.weights().get(vertex.name() + "/" + key))
                                    .values()));
        }
        return graph;
    }

    /**
     * Builds the part above {@code from} for training, without its weights. Batch normalization with fixed statistics
     * becomes a scale {@code W} and a shift {@code b}.
     *
     * @param byStep the batch normalizations that use the statistics of the batch
     */
    static ComputationGraph training(
            GraphModel model, String from, ILossFunction loss, Set<String> byStep, DataType type) {
        return build(model, from, model.output(), loss, byStep, type);
    }

    private static ComputationGraph build(
            GraphModel model,
            String from,
            String to,
            @Nullable ILossFunction loss,
            @Nullable Set<String> byStep,
            DataType type) {
        Nd4jRuntime.start();
        Map<String, Shape> shapes = model.shapes();
        var builder = new NeuralNetConfiguration.Builder()
                .seed(1) // nothing is initialised at random
                .dataType(type)
                .updater(new NoOp())
                .trainingWorkspaceMode(WorkspaceMode.ENABLED)
                .inferenceWorkspaceMode(WorkspaceMode.ENABLED)
                .graphBuilder()
                .addInputs(from);
        GraphLayers layers = new GraphLayers(builder, from, byStep != null);
        long parameters = 0;
        for (Vertex vertex : GraphCut.between(model, from, to)) {
            List<Shape> inputs = GraphModel.inputs(vertex, shapes);
            boolean fixed =
                    byStep != null && vertex.operation() instanceof BatchNorm && !byStep.contains(vertex.name());
            if (vertex.name().equals(to) && loss != null && vertex.operation() instanceof Dense dense) {
                // The objective expects logits, so the activation is left out.
                Dense layer = byStep != null ? new Dense(dense.units(), dense.bias(), Activation.LINEAR) : dense;
                layers.addOutput(vertex.name(), layer, loss, vertex.inputs(), inputs);
            } else if (fixed) {
                layers.addFixedNorm(vertex.name(), vertex.inputs(), inputs);
            } else if (byStep != null && vertex.operation() instanceof BatchNorm norm) {
                layers.addStepNorm(vertex.name(), norm, vertex.inputs(), inputs);
            } else {
                layers.add(vertex.name(), vertex.operation(), vertex.inputs(), inputs);
            }
            parameters += fixed ? model.parameters(vertex.name()) / 2 : model.parameters(vertex.name());
        }
        String output = to;
        if (Objects.requireNonNull(model.vertex(to)).operation() instanceof BatchNorm) {
            // Deeplearning4j's inference fails if batch normalization is the last layer, so an identity layer follows.
            output = to + LAST;
            layers.add(output, new Dropout(), List.of(to), List.of(Objects.requireNonNull(shapes.get(to))));
        }
        ComputationGraph graph = new ComputationGraph(
                builder.setOutputs(output).validateOutputLayerConfig(false).build());
        if (parameters == 0) {
            graph.init();
        } else {
            graph.init(Nd4j.zeros(type, 1, parameters), false);
        }
        return graph;
    }

    /** Sets one weight from row-major values. */
    static void set(ComputationGraph graph, String vertex, String key, float[] values) {
        INDArray live = graph.getLayer(vertex).getParam(key);
        try (INDArray given = Nd4j.create(values, live.shape(), 'c')) {
            live.assign(given);
        }
    }

    /** Sets one weight from row-major values in double precision. */
    static void set(ComputationGraph graph, String vertex, String key, double[] values) {
        INDArray live = graph.getLayer(vertex).getParam(key);
        try (INDArray given = Nd4j.createFromArray(values)) {
            live.assign(given.reshape(live.shape()));
        }
    }

    /** Returns rows of values as a batch of inputs of {@code shape}. */
    static INDArray batch(float[][] rows, Shape shape, DataType type) {
        int width = rows[0].length;
        float[] flat = new float[Math.multiplyExact(rows.length, width)];
        for (int row = 0; row < rows.length; row++) {
            if (rows[row].length != width) {
                throw new IllegalArgumentException("all rows of a batch must have " + width
                        + " values like the first, but row " + row + " has " + rows[row].length);
            }
            System.arraycopy(rows[row], 0, flat, row * width, width);
        }
        long[] axes = axes(rows.length, width, shape);
        if (!(shape instanceof Shape.Sequence)) {
            return Nd4j.create(flat, axes, 'c').castTo(type);
        }
        try (INDArray steps = Nd4j.create(flat, axes, 'c').castTo(type)) {
            return steps.permute(0, 2, 1).dup('c'); // Deeplearning4j wants the steps last
        }
    }

    /** Returns the values of a batch of {@code shape}, row-major, steps before features. */
    static float[] values(INDArray batch, Shape shape) {
        INDArray ordered = shape instanceof Shape.Sequence ? batch.permute(0, 2, 1) : batch;
        try (INDArray copy = ordered.dup('c')) {
            return copy.data().asFloat();
        }
    }

    /** Splits the values of a batch into one row per input. */
    static float[][] rows(float[] values, int rows) {
        float[][] cut = new float[rows][values.length / rows];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(values, row * cut[row].length, cut[row], 0, cut[row].length);
        }
        return cut;
    }

    private static long[] axes(int rows, int width, Shape shape) {
        if (shape instanceof Shape.Image image) {
            requireSize(width, shape.size(), shape);
            return new long[] {rows, image.channels(), image.height(), image.width()};
        }
        if (shape instanceof Shape.Sequence sequence) {
            int steps = width / sequence.width();
            requireSize(
                    width, sequence.width() * (sequence.steps() == 0 ? Math.max(1, steps) : sequence.steps()), shape);
            return new long[] {rows, steps, sequence.width()};
        }
        if (!(shape instanceof Shape.Tokens tokens) || tokens.steps() > 0) {
            requireSize(width, shape.size(), shape);
        }
        return new long[] {rows, width};
    }

    private static void requireSize(int actual, int expected, Shape shape) {
        if (actual != expected) {
            throw new IllegalArgumentException(
                    "an input of " + shape + " must have " + expected + " values, but has " + actual);
        }
    }
}
