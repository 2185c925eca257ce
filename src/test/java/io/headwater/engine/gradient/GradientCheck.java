package io.headwater.engine.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.headwater.engine.onnx.Tensors;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;

/**
 * Compares the derived gradient of a small graph with central differences of its forward pass, both computed by ONNX
 * Runtime. The loss is the sum of the products of the outputs with random numbers.
 */
final class GradientCheck {
    static final int FLOAT = 1;
    static final int DOUBLE = 11;
    private static final OrtEnvironment ENVIRONMENT =
            OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);

    private record Input(long[] shape, double[] values) {}

    /** Additional size of a varying axis in the run that determines which axes vary with it. */
    private static final int LONGER = 2;

    private final int opset;
    private final Random random;
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("forward");
    private final Map<String, Input> wanted = new LinkedHashMap<>();
    private int elementType = DOUBLE;
    private double step = 1e-5;
    private double tolerance = 1e-6;
    private String output = "";
    private final Map<String, Integer> domains = new HashMap<>();
    private final Map<String, Set<Integer>> varying = new HashMap<>();

    private GradientCheck(int opset, long seed) {
        this.opset = opset;
        this.random = new Random(seed);
    }

    /** A check of a graph at an operator set, with numbers drawn from {@code seed}. */
    static GradientCheck at(int opset, long seed) {
        return new GradientCheck(opset, seed);
    }

    /**
     * Computes in single precision, for operators that ONNX Runtime supports only in it, with corresponding
     * tolerances.
     */
    GradientCheck inSinglePrecision() {
        elementType = FLOAT;
        step = 1e-2;
        tolerance = 2e-3;
        return this;
    }

    /** Sets the step of central differences, and the tolerance of the gradient relative to the largest difference. */
    GradientCheck within(double differenceStep, double relative) {
        step = differenceStep;
        tolerance = relative;
        return this;
    }

    /** An operator set of another domain. */
    GradientCheck domain(String name, int version) {
        domains.put(name, version);
        return this;
    }

    /** An input whose gradient is checked, normally distributed. */
    GradientCheck wants(String name, long... shape) {
        return wants(name, x -> x, shape);
    }

    /** An input whose gradient is checked: {@code shaping} of normally distributed numbers. */
    GradientCheck wants(String name, DoubleUnaryOperator shaping, long... shape) {
        int size = size(shape);
        double[] values = random.doubles(0, 1)
                .map(any -> shaping.applyAsDouble(random.nextGaussian()))
                .limit(size)
                .toArray();
        wanted.put(name, new Input(shape, values));
        return this;
    }

    /** Axes of a checked input whose sizes are unknown to the derivation, as are all sizes that depend on them. */
    GradientCheck varying(String name, int... axes) {
        Arrays.stream(axes)
                .forEach(axis ->
                        varying.computeIfAbsent(name, absent -> new HashSet<>()).add(axis));
        return this;
    }

    /** A floating-point constant, normally distributed. */
    GradientCheck constant(String name, long... shape) {
        return constant(name, x -> x, shape);
    }

    /** A floating-point constant: {@code shaping} of normally distributed numbers. */
    GradientCheck constant(String name, DoubleUnaryOperator shaping, long... shape) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(elementType).addAllDims(list(shape));
        for (int i = 0; i < size(shape); i++) {
            double value = shaping.applyAsDouble(random.nextGaussian());
            if (elementType == DOUBLE) {
                tensor.addDoubleData(value);
            } else {
                tensor.addFloatData((float) value);
            }
        }
        graph.addInitializer(tensor);
        return this;
    }

    /** A constant vector of 64-bit integers. */
    GradientCheck integers(String name, long... values) {
        graph.addInitializer(Tensors.integers(name, values));
        return this;
    }

    /** A given constant tensor. */
    GradientCheck constant(TensorProto tensor) {
        graph.addInitializer(tensor);
        return this;
    }

    /** A node; the first output of the last one is the output of the graph. */
    GradientCheck node(String type, List<String> inputs, List<String> outputs, AttributeProto... attributes) {
        return node("", type, inputs, outputs, attributes);
    }

    /** A node of another domain. */
    GradientCheck node(
            String domain, String type, List<String> inputs, List<String> outputs, AttributeProto... attributes) {
        graph.addNode(NodeProto.newBuilder()
                .setDomain(domain)
                .setOpType(type)
                .setName(type + graph.getNodeCount())
                .addAllInput(inputs)
                .addAllOutput(outputs)
                .addAllAttribute(Arrays.asList(attributes)));
        output = outputs.get(0);
        return this;
    }

    /** Fails if a gradient differs from the central differences. */
    void holds() {
        try {
            check();
        } catch (OrtException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the derived backward pass without checking it. */
    BackwardPass derive() throws OrtException {
        return Differentiation.of(forward(), wanted.keySet(), output);
    }

    private Forward forward() throws OrtException {
        Map<String, Integer> opsets = new HashMap<>(domains);
        opsets.put("", opset);
        Set<String> all = new LinkedHashSet<>();
        graph.getNodeList().forEach(node -> all.addAll(node.getOutputList()));
        all.remove("");
        Map<String, long[]> shapes = new HashMap<>();
        try (OrtSession session = session(model(all))) {
            shapes.putAll(shapes(session, 0));
            if (!varying.isEmpty()) {
                shapes(session, LONGER).forEach((name, longer) -> shapes.merge(name, longer, GradientCheck::common));
            }
        }
        GraphProto.Builder typed = graph.clone();
        wanted.keySet().forEach(name -> typed.addInput(declaration(name)));
        return new Forward(typed.build(), opsets, shapes, elementType);
    }

    /** Returns the shape of every tensor when varying axes are longer by {@code longer}. */
    private Map<String, long[]> shapes(OrtSession session, int longer) throws OrtException {
        Map<String, long[]> shapes = new HashMap<>();
        Map<String, OnnxTensor> feed = new HashMap<>();
        for (Map.Entry<String, Input> each : wanted.entrySet()) {
            long[] shape = each.getValue().shape().clone();
            varying.getOrDefault(each.getKey(), Set.of()).forEach(axis -> shape[axis] += longer);
            shapes.put(each.getKey(), shape);
            feed.put(each.getKey(), tensor(new double[size(shape)], shape));
        }
        try (OrtSession.Result result = session.run(feed)) {
            result.forEach(each ->
                    shapes.put(each.getKey(), ((TensorInfo) each.getValue().getInfo()).getShape()));
        }
        return shapes;
    }

    /** Returns the sizes that are equal in both shapes, and -1 for the others. */
    private static long[] common(long[] shape, long[] longer) {
        long[] common = shape.clone();
        for (int axis = 0; axis < common.length; axis++) {
            common[axis] = shape[axis] == longer[axis] ? shape[axis] : -1;
        }
        return common;
    }

    private void check() throws OrtException {
        Forward forward = forward();
        BackwardPass backward = Differentiation.of(forward, wanted.keySet(), output);
        long[] outputShape = outputShape();
        double[] seed = random.doubles(size(outputShape)).map(x -> 2 * x - 1).toArray();
        Set<String> saved = new LinkedHashSet<>(backward.saved());
        saved.removeAll(wanted.keySet());
        graph.addAllNode(backward.appended());
        Map<String, double[]> derived = new HashMap<>();
        Map<String, OnnxTensor> feed = new HashMap<>(feed());
        try (OrtSession forwardSession = session(model(saved));
                OrtSession.Result values = saved.isEmpty() ? null : forwardSession.run(feed);
                OrtSession backwardSession = session(backward.model())) {
            Map<String, OnnxTensor> given = new HashMap<>();
            for (String name : backward.saved()) {
                given.put(
                        name,
                        values == null || wanted.containsKey(name)
                                ? feed.get(name)
                                : (OnnxTensor) values.get(name).orElseThrow());
            }
            if (backwardSession.getInputNames().contains(backward.seed())) {
                given.put(backward.seed(), tensor(seed, outputShape));
            }
            try (OrtSession.Result gradients = backwardSession.run(given)) {
                for (Map.Entry<String, String> each : backward.gradients().entrySet()) {
                    OnnxTensor gradient =
                            (OnnxTensor) gradients.get(each.getValue()).orElseThrow();
                    assertThat(gradient.getInfo().getShape())
                            .as("shape of the gradient by %s", each.getKey())
                            .isEqualTo(input(each.getKey()).shape());
                    derived.put(each.getKey(), values(gradient));
                }
            }
        }
        try (OrtSession session = session(model(Set.of(output)))) {
            for (Map.Entry<String, Input> each : wanted.entrySet()) {
                double[] expected = differences(session, each.getValue(), seed);
                double[] actual = derived.getOrDefault(each.getKey(), new double[expected.length]);
                double scale =
                        Math.max(1, Arrays.stream(expected).map(Math::abs).max().orElse(0));
                for (int i = 0; i < expected.length; i++) {
                    assertThat(actual[i])
                            .as("gradient by %s[%d]", each.getKey(), i)
                            .isCloseTo(expected[i], org.assertj.core.api.Assertions.within(tolerance * scale));
                }
            }
        }
    }

    private long[] outputShape() throws OrtException {
        try (OrtSession session = session(model(Set.of(output)));
                OrtSession.Result result = session.run(feed())) {
            return ((TensorInfo) result.get(0).getInfo()).getShape();
        }
    }

    private double[] differences(OrtSession session, Input input, double[] seed) throws OrtException {
        double[] differences = new double[input.values().length];
        for (int i = 0; i < differences.length; i++) {
            // Richardson extrapolation: the remaining error is of fourth order in the step.
            double whole = difference(session, input, i, step, seed);
            double half = difference(session, input, i, step / 2, seed);
            differences[i] = (4 * half - whole) / 3;
        }
        return differences;
    }

    /** Returns the central difference of the loss with respect to one element. */
    private double difference(OrtSession session, Input input, int element, double by, double[] seed)
            throws OrtException {
        double before = input.values()[element];
        input.values()[element] = before + by;
        double above = loss(session, seed);
        input.values()[element] = before - by;
        double below = loss(session, seed);
        input.values()[element] = before;
        return (above - below) / (2 * by);
    }

    private double loss(OrtSession session, double[] seed) throws OrtException {
        try (OrtSession.Result result = session.run(feed())) {
            double[] values = values((OnnxTensor) result.get(0));
            double loss = 0;
            for (int i = 0; i < values.length; i++) {
                loss += values[i] * seed[i];
            }
            return loss;
        }
    }

    private ModelProto model(Set<String> outputs) {
        GraphProto.Builder all = graph.clone();
        wanted.keySet().forEach(name -> all.addInput(declaration(name)));
        outputs.forEach(name -> all.addOutput(ValueInfoProto.newBuilder().setName(name)));
        ModelProto.Builder model = ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
                .setGraph(all);
        domains.forEach((domain, version) -> model.addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version)));
        return model.build();
    }

    private Map<String, OnnxTensor> feed() throws OrtException {
        Map<String, OnnxTensor> feed = new HashMap<>();
        for (Map.Entry<String, Input> each : wanted.entrySet()) {
            feed.put(
                    each.getKey(),
                    tensor(each.getValue().values(), each.getValue().shape()));
        }
        return feed;
    }

    private OnnxTensor tensor(double[] values, long[] shape) throws OrtException {
        if (elementType == DOUBLE) {
            return OnnxTensor.createTensor(ENVIRONMENT, DoubleBuffer.wrap(values.clone()), shape);
        }
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(narrow), shape);
    }

    private static double[] values(OnnxTensor tensor) {
        if (tensor.getInfo().type == ai.onnxruntime.OnnxJavaType.DOUBLE) {
            DoubleBuffer buffer = tensor.getDoubleBuffer();
            double[] values = new double[buffer.remaining()];
            buffer.get(values);
            return values;
        }
        FloatBuffer buffer = tensor.getFloatBuffer();
        double[] values = new double[buffer.remaining()];
        for (int i = 0; i < values.length; i++) {
            values[i] = buffer.get(i);
        }
        return values;
    }

    private static OrtSession session(ModelProto model) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        return ENVIRONMENT.createSession(model.toByteArray(), options);
    }

    private Input input(String name) {
        return Objects.requireNonNull(wanted.get(name), name);
    }

    private ValueInfoProto declaration(String name) {
        TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(elementType);
        long[] shape = input(name).shape();
        for (int axis = 0; axis < shape.length; axis++) {
            if (varying.getOrDefault(name, Set.of()).contains(axis)) {
                tensor.getShapeBuilder().addDimBuilder().setDimParam(name + "/" + axis);
            } else {
                tensor.getShapeBuilder().addDimBuilder().setDimValue(shape[axis]);
            }
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    private static List<Long> list(long[] values) {
        List<Long> list = new ArrayList<>();
        Arrays.stream(values).forEach(list::add);
        return list;
    }

    static int size(long[] shape) {
        return (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }
}
