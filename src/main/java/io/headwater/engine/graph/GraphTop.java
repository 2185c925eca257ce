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
 * The part of a graph model above a cut, to be trained: activations at the cut in, logits, the loss and its gradient
 * out. Parameters carry the names that they have in the model. Batch normalization normalises by its running
 * statistics, which are parameters too but have no gradient, or where it is told to by those of the rows; dropout drops
 * nothing. Not safe for use by several threads.
 */
final class GraphTop implements AutoCloseable {
    /** What the names of running statistics end in. */
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
     * @param loss mean over the rows of weight × loss
     * @param values for each parameter, row-major
     * @param measured mean and variance of the rows, for each channel, by the names of the running ones
     */
    record Gradients(double loss, SortedMap<String, float[]> values, SortedMap<String, float[]> measured) {
        Gradients {
            values = Collections.unmodifiableSortedMap(values);
            measured = Collections.unmodifiableSortedMap(measured);
        }
    }

    /** A graph in which some vertices normalise by the statistics of the rows. */
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
     * The top of {@code model} above {@code cut}, with the model's weights.
     *
     * @param model whose output is a dense softmax layer, as {@link GraphHeading} makes it
     * @throws GraphException when it cannot be cut there, or a sequence at the cut has no fixed length
     */
    static GraphTop of(GraphModel model, String cut) {
        return of(model, cut, new CrossEntropy());
    }

    /** As {@link #of(GraphModel, String)}, to learn something else than classes. */
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
        GraphCut.between(model, cut, model.output()); // says what is wrong with the cut
        Shape shape = model.shapes().get(cut);
        if (shape instanceof Shape.Tokens || (shape instanceof Shape.Sequence sequence && sequence.steps() == 0)) {
            throw new GraphException("the top cannot begin at '" + cut + "', which gives " + shape
                    + ": it must be of a fixed size; cut above the last recurrent layer");
        }
        GraphTop top = new GraphTop(model, cut, objective, type);
        top.set(top.initial());
        return top;
    }

    /** How many values it reads: what the cut gives, channels first, or steps before features. */
    int inputs() {
        return input.size();
    }

    /** How many logits it gives. */
    int outputs() {
        return model.shapes().get(model.output()) instanceof Shape.Features features ? features.width() : 0;
    }

    /** The shape of every parameter that is trained. */
    SortedMap<String, int[]> shapes() {
        SortedMap<String, int[]> shapes = new TreeMap<>();
        initial().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return shapes;
    }

    /** The parameters of the model that are trained: what the training starts from. */
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

    /** Whether each channel of a row has one value where the batch normalization {@code vertex} reads it. */
    boolean isOneValue(String vertex) {
        Shape shape = model.shapes().get(vertex);
        return !(shape instanceof Shape.Image image) || image.height() * image.width() == 1;
    }

    /** Sets all parameters; running statistics that are not given are those of the model. */
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
     * What the output layer says before its activation.
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
     * @param targets n of them, as the objective reads them
     * @param weights n positive weights, one a row
     */
    Gradients gradients(float[][] rows, float[][] targets, float[] weights) {
        return gradients(graph, Set.of(), rows, targets, weights);
    }

    /**
     * The same where some batch normalizations normalise by the statistics of the rows, through which the gradient goes.
     *
     * @param measuring names of vertices
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
                // Deeplearning4j hands them on as gradients, less the running ones, which are zero there.
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
