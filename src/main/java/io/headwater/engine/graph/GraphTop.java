package io.headwater.engine.graph;

import io.headwater.engine.CrossEntropy;
import io.headwater.engine.Objective;
import io.headwater.engine.dense.ObjectiveLoss;
import io.headwater.engine.graph.GraphModel.Vertex;
import io.headwater.engine.graph.layer.Activation;
import io.headwater.engine.graph.layer.BatchNorm;
import io.headwater.engine.graph.layer.Dense;
import io.headwater.engine.graph.layer.FixedNorm;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.Shape;
import io.headwater.engine.weights.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The trainable part of a graph model above a cut. It reads activations at the cut and computes logits, the loss and
 * its gradient. Parameters have the same names as in the model. Batch normalization uses its running statistics, which
 * are parameters without a gradient, unless the caller requests batch statistics. Dropout is inactive. Not safe for
 * use by several threads.
 */
final class GraphTop implements AutoCloseable {
    /** Suffixes of the names of running statistics. */
    static final String MEAN = "/mean";

    static final String VARIANCE = "/var";

    private final GraphModel model;
    private final String cut;
    private final Shape input;
    private final DataType type;
    private final ObjectiveLoss loss;
    private final ComputationGraph graph;
    private final List<Vertex> trained = new ArrayList<>();
    private final Map<String, FixedNorm> norms = new TreeMap<>();
    private Map<String, Tensor.F32> parameters = Map.of();
    private @Nullable ByStep byStep;

    /**
     * The loss and its gradient.
     *
     * @param loss the mean of weight × loss over the rows
     * @param values the gradient of each parameter, row-major
     * @param measured mean and variance of the batch for each channel, by the names of the running statistics
     */
    record Gradients(double loss, SortedMap<String, float[]> values, SortedMap<String, float[]> measured) {
        Gradients {
            values = Collections.unmodifiableSortedMap(values);
            measured = Collections.unmodifiableSortedMap(measured);
        }
    }

    /** A graph in which some batch normalizations use the statistics of the batch. */
    private record ByStep(ComputationGraph graph, Set<String> norms) {}

    private GraphTop(GraphModel model, String cut, Objective objective, DataType type) {
        this.model = model;
        this.cut = cut;
        this.type = type;
        loss = new ObjectiveLoss(objective);
        input = Objects.requireNonNull(model.shapes().get(cut));
        graph = GraphNetwork.training(model, cut, loss, Set.of(), type);
        for (Vertex vertex : GraphCut.between(model, cut, model.output())) {
            if (model.parameters(vertex.name()) > 0) {
                trained.add(vertex);
            }
        }
    }

    /**
     * Returns the top of {@code model} above {@code cut}, with the model's weights.
     *
     * @param model a model whose output is a dense softmax layer, as created by {@link GraphHeading}
     * @throws GraphException when the model cannot be cut there, or a sequence at the cut has no fixed length
     */
    static GraphTop of(GraphModel model, String cut) {
        return of(model, cut, new CrossEntropy());
    }

    /** As {@link #of(GraphModel, String)}, with another objective than classification. */
    static GraphTop of(GraphModel model, String cut, Objective objective) {
        return of(model, cut, objective, DataType.FLOAT);
    }

    /** As {@link #of(GraphModel, String)}, computing in another precision. */
    static GraphTop of(GraphModel model, String cut, DataType type) {
        return of(model, cut, new CrossEntropy(), type);
    }

    private static GraphTop of(GraphModel model, String cut, Objective objective, DataType type) {
        Vertex output = Objects.requireNonNull(model.vertex(model.output()));
        if (!(output.operation() instanceof Dense dense)
                || dense.activation().kind() != Activation.Kind.SOFTMAX
                || cut.equals(model.output())) {
            throw new GraphException("the top must end in a dense softmax layer above its cut '" + cut + "', but '"
                    + output.name() + "' is " + output.operation());
        }
        GraphCut.between(model, cut, model.output()); // throws if the cut is invalid
        Shape shape = model.shapes().get(cut);
        if (shape instanceof Shape.Tokens || (shape instanceof Shape.Sequence sequence && sequence.steps() == 0)) {
            throw new GraphException("the top cannot begin at '" + cut + "', which gives " + shape
                    + ": it must be of a fixed size; cut above the last recurrent layer");
        }
        GraphTop top = new GraphTop(model, cut, objective, type);
        top.set(top.initial());
        return top;
    }

    /** Returns the number of input values of a row: the output of the cut, channels first, or steps before features. */
    int inputs() {
        return input.size();
    }

    /** Returns the number of logits of a row. */
    int outputs() {
        return model.shapes().get(model.output()) instanceof Shape.Features features ? features.width() : 0;
    }

    /** The shape of every parameter that is trained. */
    SortedMap<String, int[]> shapes() {
        SortedMap<String, int[]> shapes = new TreeMap<>();
        initial().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return shapes;
    }

    /** Returns the initial values of the trained parameters, which are those of the model. */
    SortedMap<String, Tensor.F32> initial() {
        return weights(false);
    }

    /** The running statistics of the model, {@code /mean} and {@code /var} of each vertex that has some. */
    SortedMap<String, Tensor.F32> statistics() {
        return weights(true);
    }

    private SortedMap<String, Tensor.F32> weights(boolean statistics) {
        SortedMap<String, Tensor.F32> weights = new TreeMap<>();
        for (Vertex vertex : trained) {
            boolean norm = vertex.operation() instanceof BatchNorm;
            GraphModel.weights(vertex, model.shapes()).forEach((name, shape) -> {
                if ((norm && (name.endsWith(MEAN) || name.endsWith(VARIANCE))) == statistics) {
                    weights.put(name, Objects.requireNonNull(model.weights().get(name)));
                }
            });
        }
        return weights;
    }

    /** The momentum of the running statistics of the batch normalization {@code vertex}, 0 to 1. */
    double momentum(String vertex) {
        return Objects.requireNonNull(model.vertex(vertex)).operation() instanceof BatchNorm norm ? norm.momentum() : 1;
    }

    /** Whether the batch normalization {@code vertex} reads a single value for each channel of a row. */
    boolean isOneValue(String vertex) {
        Shape shape = model.shapes().get(vertex);
        return !(shape instanceof Shape.Image image) || image.height() * image.width() == 1;
    }

    /** Sets all parameters; running statistics that are missing from {@code values} are taken from the model. */
    void set(Map<String, Tensor.F32> values) {
        parameters = new TreeMap<>(statistics());
        parameters.putAll(values);
        for (Vertex vertex : trained) {
            if (vertex.operation() instanceof BatchNorm norm) {
                norms.put(
                        vertex.name(),
                        FixedNorm.of(
                                values(parameters, vertex.name() + MEAN),
                                values(parameters, vertex.name() + VARIANCE),
                                norm.epsilon()));
            }
        }
        write(graph, Set.of());
    }

    private void write(ComputationGraph graph, Set<String> measuring) {
        for (Vertex vertex : trained) {
            String name = vertex.name();
            FixedNorm norm = norms.get(name);
            if (measuring.contains(name)) {
                for (String key : List.of("gamma", "beta")) {
                    GraphNetwork.set(graph, name, key, values(parameters, name + "/" + key));
                }
            } else if (norm != null) {
                float[] gamma = values(parameters, name + "/gamma");
                GraphNetwork.set(graph, name, "W", norm.scale(gamma));
                GraphNetwork.set(graph, name, "b", norm.shift(gamma, values(parameters, name + "/beta")));
            } else {
                keys(vertex).forEach(key -> GraphNetwork.set(graph, name, key, values(parameters, name + "/" + key)));
            }
        }
    }

    /**
     * Returns the values of the output layer before its activation.
     *
     * @param rows n rows of {@link #inputs()} values
     */
    float[][] logits(float[][] rows) {
        if (rows.length == 0) {
            return new float[0][];
        }
        try (INDArray batch = GraphNetwork.batch(rows, input, type);
                INDArray output = graph.outputSingle(false, batch)) {
            return GraphNetwork.rows(GraphNetwork.values(output, new Shape.Features(outputs())), rows.length);
        } finally {
            graph.clear();
        }
    }

    /**
     * The loss and its gradient at the present parameters.
     *
     * @param rows n rows of {@link #inputs()} values, at least one
     * @param targets n targets in the form that the objective expects
     * @param weights n positive weights, one per row
     */
    Gradients gradients(float[][] rows, float[][] targets, float[] weights) {
        return gradients(graph, Set.of(), rows, targets, weights);
    }

    /**
     * Computes the same, but the batch normalizations in {@code measuring} use the statistics of the batch, through
     * which the gradient is propagated.
     *
     * @param measuring the names of these batch normalizations
     */
    Gradients gradients(float[][] rows, float[][] targets, float[] weights, Set<String> measuring) {
        if (measuring.isEmpty()) {
            return gradients(rows, targets, weights);
        }
        ByStep step = byStep;
        if (step == null || !step.norms().equals(measuring)) {
            freeStep();
            step = new ByStep(GraphNetwork.training(model, cut, loss, measuring, type), Set.copyOf(measuring));
            byStep = step;
        }
        write(step.graph(), measuring);
        return gradients(step.graph(), measuring, rows, targets, weights);
    }

    private Gradients gradients(
            ComputationGraph graph, Set<String> measuring, float[][] rows, float[][] targets, float[] weights) {
        try (INDArray batch = GraphNetwork.batch(rows, input, type);
                INDArray unread = Nd4j.zeros(type, rows.length, outputs())) {
            int[] one = new int[rows.length];
            Arrays.fill(one, 1);
            loss.teach(targets, weights, one);
            graph.setInputs(batch);
            graph.setLabels(unread);
            graph.initGradientsView();
            graph.computeGradientAndScore();
            SortedMap<String, float[]> measured = new TreeMap<>();
            for (String vertex : measuring) {
                // Deeplearning4j returns the running minus the batch statistics as gradients; the running ones are 0
                // here.
                measured.put(vertex + MEAN, negated(gradient(graph, vertex, "mean")));
                measured.put(vertex + VARIANCE, negated(gradient(graph, vertex, "var")));
            }
            return new Gradients(loss.stepLoss(), gradients(graph, measuring), measured);
        } finally {
            graph.clear();
        }
    }

    @Override
    public void close() {
        freeStep();
        free(graph);
    }

    private void freeStep() {
        if (byStep != null) {
            free(byStep.graph());
            byStep = null;
        }
    }

    private SortedMap<String, float[]> gradients(ComputationGraph graph, Set<String> measuring) {
        SortedMap<String, float[]> gradients = new TreeMap<>();
        for (Vertex vertex : trained) {
            String name = vertex.name();
            FixedNorm norm = norms.get(name);
            if (measuring.contains(name)) {
                for (String key : List.of("gamma", "beta")) {
                    gradients.put(name + "/" + key, gradient(graph, name, key));
                }
            } else if (norm != null) {
                float[] shift = gradient(graph, name, "b");
                gradients.put(name + "/gamma", norm.gamma(gradient(graph, name, "W"), shift));
                gradients.put(name + "/beta", shift);
            } else {
                keys(vertex).forEach(key -> gradients.put(name + "/" + key, gradient(graph, name, key)));
            }
        }
        return gradients;
    }

    private static float[] negated(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = -values[i];
        }
        return values;
    }

    private static float[] gradient(ComputationGraph graph, String vertex, String key) {
        try (INDArray ordered =
                graph.gradient().getGradientFor(vertex + "_" + key).dup('c')) {
            return ordered.data().asFloat();
        }
    }

    private List<String> keys(Vertex vertex) {
        return vertex.operation().weights(GraphModel.inputs(vertex, model.shapes())).keySet().stream()
                .sorted()
                .toList();
    }

    private static float[] values(Map<String, Tensor.F32> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name).values();
    }

    private static void free(ComputationGraph graph) {
        free(graph.params());
        free(graph.getFlattenedGradients());
    }

    private static void free(@Nullable INDArray array) {
        if (array != null && array.closeable()) {
            array.close();
        }
    }
}
