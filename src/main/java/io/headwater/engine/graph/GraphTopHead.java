package io.headwater.engine.graph;

import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The unfrozen top of a graph base model and a new output layer, trained by Adam. A row of features is the activation at
 * the cut, as {@link GraphBackbone} gives it without pooling.
 */
public final class GraphTopHead implements Head {
    private static final String FIRST_MOMENT = "adam.m/";
    private static final String SECOND_MOMENT = "adam.v/";
    /** Rows of targets may differ from 1 by rounding only: the gradient of softmax is right for sums of 1 alone. */
    private static final float TARGET_TOLERANCE = 1e-4f;

    private final GraphTop top;
    private final Map<String, int[]> shapes;
    private final float[] parameters;
    private final FlatAdam optimiser;

    /**
     * The form of a top.
     *
     * @param base the pre-trained model
     * @param cut the vertex below the top
     * @param feature the vertex below the classifier that is dropped; the cut or above it
     * @param pooling of what the feature vertex gives
     * @param learningRate of Adam, positive
     */
    public record Form(GraphModel base, String cut, String feature, Pooling pooling, double learningRate) {
        public Form {
            if (!(learningRate > 0)) {
                throw new IllegalArgumentException("learningRate must be positive, but is " + learningRate);
            }
        }
    }

    private GraphTopHead(GraphTop top, HeadState state, double learningRate) {
        this.top = top;
        shapes = new LinkedHashMap<>(top.shapes());
        parameters = flat(state.parameters(), "");
        float[] first = flat(state.optimiser(), FIRST_MOMENT);
        float[] moments = Arrays.copyOf(first, 2 * first.length);
        System.arraycopy(flat(state.optimiser(), SECOND_MOMENT), 0, moments, first.length, first.length);
        optimiser = new FlatAdam(learningRate, moments, state.iteration());
        top.set(state.parameters());
    }

    /**
     * A new top: pre-trained weights, and an output layer of zeros.
     *
     * @param outputs classes, positive
     */
    public static GraphTopHead create(Form form, int outputs) {
        GraphTop top = top(form, outputs);
        return new GraphTopHead(top, HeadState.ofParameters(top.initial()), form.learningRate());
    }

    /**
     * A top that goes on from {@code state}, bit for bit.
     *
     * @throws IllegalArgumentException when the state is not one of a top of this form, or is not finite
     */
    public static GraphTopHead restore(Form form, HeadState state) {
        Tensor.F32 bias = state.parameters().get(GraphHeading.OUTPUT + "/b");
        if (bias == null || bias.shape().length != 1) {
            throw new IllegalArgumentException("the state of a top needs a tensor output/b of rank 1, but has "
                    + state.parameters().keySet());
        }
        GraphTop top = top(form, bias.shape()[0]);
        check("parameters", top.shapes(), state.parameters());
        SortedMap<String, int[]> moments = new TreeMap<>();
        top.shapes().forEach((name, shape) -> {
            moments.put(FIRST_MOMENT + name, shape);
            moments.put(SECOND_MOMENT + name, shape);
        });
        check("optimiser", moments, state.optimiser());
        return new GraphTopHead(top, state, form.learningRate());
    }

    /** The whole model with the weights of {@code state}: base below, trained above, new output layer. */
    public static GraphModel model(Form form, HeadState state) {
        Tensor.F32 bias = Objects.requireNonNull(state.parameters().get(GraphHeading.OUTPUT + "/b"), "output/b");
        return GraphHeading.headed(form.base(), form.feature(), form.pooling(), bias.shape()[0])
                .with(state.parameters());
    }

    @Override
    public int inputs() {
        return top.inputs();
    }

    @Override
    public int outputs() {
        return top.outputs();
    }

    @Override
    public float[][] probabilities(float[][] features) {
        return top.probabilities(features);
    }

    @Override
    public double train(float[][] features, float[][] targets, float[] weights) {
        check(features, targets, weights);
        GraphTop.Gradients gradients = top.gradients(features, targets, weights);
        float[] flat = new float[parameters.length];
        int at = 0;
        for (String name : shapes.keySet()) {
            float[] values = Objects.requireNonNull(gradients.values().get(name));
            System.arraycopy(values, 0, flat, at, values.length);
            at += values.length;
        }
        optimiser.step(parameters, flat);
        top.set(named(parameters, 0, ""));
        return gradients.loss();
    }

    @Override
    public HeadState state() {
        float[] moments = optimiser.moments();
        Map<String, Tensor.F32> state = named(moments, 0, FIRST_MOMENT);
        state.putAll(named(moments, parameters.length, SECOND_MOMENT));
        return new HeadState(named(parameters, 0, ""), state, optimiser.iteration());
    }

    @Override
    public void close() {
        top.close();
        optimiser.close();
    }

    private static GraphTop top(Form form, int outputs) {
        return GraphTop.of(GraphHeading.headed(form.base(), form.feature(), form.pooling(), outputs), form.cut());
    }

    private float[] flat(Map<String, Tensor.F32> tensors, String prefix) {
        int size = shapes.keySet().stream()
                .mapToInt(name -> values(tensors, prefix + name).length)
                .reduce(0, Math::addExact);
        float[] flat = new float[size];
        int at = 0;
        for (String name : shapes.keySet()) {
            float[] values = values(tensors, prefix + name);
            System.arraycopy(values, 0, flat, at, values.length);
            at += values.length;
        }
        return flat;
    }

    private Map<String, Tensor.F32> named(float[] flat, int from, String prefix) {
        Map<String, Tensor.F32> tensors = new TreeMap<>();
        int at = from;
        for (Map.Entry<String, int[]> named : shapes.entrySet()) {
            int size = Arrays.stream(named.getValue()).reduce(1, Math::multiplyExact);
            tensors.put(
                    prefix + named.getKey(), new Tensor.F32(named.getValue(), Arrays.copyOfRange(flat, at, at + size)));
            at += size;
        }
        return tensors;
    }

    private static float[] values(Map<String, Tensor.F32> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name).values();
    }

    private static void check(String part, SortedMap<String, int[]> wanted, Map<String, Tensor.F32> given) {
        if (!given.keySet().equals(wanted.keySet())) {
            throw new IllegalArgumentException(
                    "a top's " + part + " must be " + wanted.keySet() + ", but are " + given.keySet());
        }
        given.forEach((name, tensor) -> {
            if (!Arrays.equals(tensor.shape(), wanted.get(name))) {
                throw new IllegalArgumentException("a top's " + name + " must have shape "
                        + Arrays.toString(wanted.get(name)) + ", but has " + Arrays.toString(tensor.shape()));
            }
            for (float value : tensor.values()) {
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException("a top's " + name + " must be finite, but holds " + value);
                }
            }
        });
    }

    private void check(float[][] features, float[][] targets, float[] weights) {
        int n = features.length;
        if (n == 0 || targets.length != n || weights.length != n) {
            throw new IllegalArgumentException(
                    "a step needs as many targets and weights as features, at least 1, but has " + n
                            + " rows of features, " + targets.length + " of targets and " + weights.length
                            + " weights");
        }
        for (int row = 0; row < n; row++) {
            float sum = 0;
            for (float p : targets[row]) {
                sum += p;
            }
            if (!(Math.abs(sum - 1) <= TARGET_TOLERANCE)) {
                throw new IllegalArgumentException("row " + row + " of targets must sum to 1, but sums to " + sum);
            }
            if (!(weights[row] > 0 && Float.isFinite(weights[row]))) {
                throw new IllegalArgumentException("weight " + row + " must be positive, but is " + weights[row]);
            }
            for (float value : features[row]) {
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException(
                            "row " + row + " of features must be finite, but holds " + value);
                }
            }
        }
    }
}
