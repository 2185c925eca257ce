package io.headwater.engine.family;

import static io.headwater.engine.onnx.Attributes.attribute;

import io.headwater.engine.family.FamilyModel.TrainingInput;
import io.headwater.engine.onnx.Tensors;
import io.headwater.engine.onnx.ValueInfos;
import io.headwater.engine.top.NodeWriter;
import io.headwater.engine.top.Parameter;
import io.headwater.engine.top.ParameterRole;
import io.headwater.engine.top.TopGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;

/**
 * Writes a model node by node. Everything written before {@link #trainingOnly} is also part of the file. Initial
 * weights are drawn from {@link java.util.Random}, whose algorithm is part of its specification, in the order in which
 * they are requested.
 */
final class FamilyWriter {
    /** The first operator set with LayerNormalization. */
    static final int OPSET = 17;

    private final Random random;
    private final NodeWriter model = new NodeWriter();
    private final NodeWriter before = new NodeWriter();
    private final NodeWriter after = new NodeWriter();
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final Map<String, String> weights = new LinkedHashMap<>();
    private final NodeWriter fileOnly = new NodeWriter();
    private final List<ValueInfoProto> inputs = new ArrayList<>();
    private final List<ValueInfoProto> sideInputs = new ArrayList<>();
    private boolean isTrainingOnly;

    /** @param seed the seed of the initial weights; not 0 */
    FamilyWriter(long seed) {
        if (seed == 0) {
            throw new IllegalArgumentException("seed must be a number other than 0, but is 0; choose another");
        }
        random = new Random(seed);
    }

    // Inputs.

    /** Declares token ids and a mask as in exports of language models; in training the ids are read as floats. */
    TrainingInput tokens(String ids, String mask) {
        ValueInfoProto read = integers(mask);
        inputs.addAll(List.of(integers(ids), read));
        sideInputs.add(read);
        String floats = ids + "/real";
        before.node("Cast", ids, List.of(attribute("to", DataType.INT64_VALUE)), floats);
        return new TrainingInput(floats, new long[] {-1, -1}, mask);
    }

    /** Declares a floating-point input whose first axis, the batch, has a variable size. */
    TrainingInput numbers(String name, long... shape) {
        inputs.add(ValueInfos.of(name, shape));
        return new TrainingInput(name, shape, "");
    }

    private static ValueInfoProto integers(String name) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        shape.addDimBuilder().setDimParam("batch");
        shape.addDimBuilder().setDimParam("tokens");
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(DataType.INT64_VALUE)
                                .setShape(shape)))
                .build();
    }

    // Weights.

    /** A weight with normally distributed initial values of mean 0. */
    String normal(String name, double deviation, long... shape) {
        float[] values = new float[size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
        }
        return given(name, ParameterRole.WEIGHT, values, shape);
    }

    /** A weight with initial values that are uniformly distributed from -limit to limit. */
    String uniform(String name, double limit, long... shape) {
        float[] values = new float[size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * limit);
        }
        return given(name, ParameterRole.WEIGHT, values, shape);
    }

    /** A parameter whose initial values are all the same. */
    String constant(String name, ParameterRole role, float value, long... shape) {
        float[] values = new float[size(shape)];
        Arrays.fill(values, value);
        return given(name, role, values, shape);
    }

    /** A parameter with the given initial values in row-major order. */
    String given(String name, ParameterRole role, float[] values, long... shape) {
        TensorProto first = Tensors.floats(name, values, shape);
        parameters.put(name, new Parameter(shape, first, 0, role));
        if (!isTrainingOnly) {
            weights.put(name, name);
        }
        return name;
    }

    private static int size(long... shape) {
        return (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    /** A running statistic of each channel, which has no gradient. */
    private String statistic(String name, float value, int channels) {
        return constant(name, ParameterRole.STATISTIC, value, channels);
    }

    // Nodes.

    private NodeWriter writer() {
        return isTrainingOnly ? after : model;
    }

    String node(String type, String output, String... inputs) {
        return writer().node(type, output, inputs);
    }

    String node(String type, String output, List<AttributeProto> attributes, String... inputs) {
        return writer().node(type, output, attributes, inputs);
    }

    /** A constant vector of integers. */
    String whole(String name, long... values) {
        return writer().integers(name, values);
    }

    /** A constant integer scalar. */
    String scalar(String name, long value) {
        return writer().integer(name, value);
    }

    /** A constant floating-point scalar. */
    String real(String name, float value) {
        return writer().reals(name, new float[] {value});
    }

    /** input × weights + bias over the last axis. */
    String dense(String name, String input, int in, int out, double deviation) {
        String product = node("MatMul", name + "/product", input, normal(name + ".weight", deviation, in, out));
        return node("Add", name + "/sum", product, constant(name + ".bias", ParameterRole.BIAS, 0, out));
    }

    /** Normalisation over the last axis. */
    String layerNorm(String name, String input, int width) {
        return node(
                "LayerNormalization",
                name + "/normalised",
                List.of(attribute("axis", -1), attribute("epsilon", 1e-5f)),
                input,
                constant(name + ".weight", ParameterRole.SCALE, 1, width),
                constant(name + ".bias", ParameterRole.BIAS, 0, width));
    }

    /**
     * A convolution with odd square kernels and without bias, padded to keep the size, followed by batch normalisation.
     */
    String convolution(String name, String input, int in, int out, int kernel, int stride) {
        long pad = kernel / 2;
        // Initialisation of He et al. 2015, "Delving deep into rectifiers".
        String weights =
                normal(name + ".weight", Math.sqrt(2.0 / ((double) in * kernel * kernel)), out, in, kernel, kernel);
        String convolved = node(
                "Conv",
                name + "/convolved",
                List.of(
                        attribute("kernel_shape", new long[] {kernel, kernel}),
                        attribute("pads", new long[] {pad, pad, pad, pad}),
                        attribute("strides", new long[] {stride, stride})),
                input,
                weights);
        return node(
                "BatchNormalization",
                name + "/normalised",
                List.of(attribute("epsilon", 1e-5f), attribute("momentum", 0.9f)),
                convolved,
                constant(name + ".norm.weight", ParameterRole.SCALE, 1, out),
                constant(name + ".norm.bias", ParameterRole.BIAS, 0, out),
                statistic(name + ".norm.mean", 0, out),
                statistic(name + ".norm.variance", 1, out));
    }

    /** x Φ(x) (Hendrycks and Gimpel 2016, "Gaussian error linear units"). */
    String gelu(String name, String input) {
        String scaled = node("Div", name + "/scaled", input, real(name + "/root", (float) Math.sqrt(2)));
        String erf = node("Erf", name + "/erf", scaled);
        String raised = node("Add", name + "/raised", erf, real(name + "/one", 1));
        String product = node("Mul", name + "/product", input, raised);
        return node("Mul", name + "/gelu", product, real(name + "/half", 0.5f));
    }

    // Output layer and result.

    /** Marks everything that is written from now on as not part of the file. */
    void trainingOnly() {
        isTrainingOnly = true;
    }

    /**
     * Writes an output layer that is initialised to zero and is also part of the file, with the parameters {@code
     * classifier.weight} and {@code classifier.bias}, as the parameters of a head have other names.
     *
     * @param features the features, [batch, width]
     * @param output the name of the scores in the file
     */
    void classifier(String features, int width, int outputs, String output) {
        trainingOnly();
        constant(TopGraph.WEIGHTS, ParameterRole.WEIGHT, 0, width, outputs);
        constant(TopGraph.BIAS, ParameterRole.BIAS, 0, outputs);
        after.node("Gemm", TopGraph.LOGITS, features, TopGraph.WEIGHTS, TopGraph.BIAS);
        weights.put(TopGraph.WEIGHTS, "classifier.weight");
        weights.put(TopGraph.BIAS, "classifier.bias");
        fileOnly.node("Gemm", output, features, "classifier.weight", "classifier.bias");
    }

    /** Declares {@code logits} [rows, outputs] as the result of the training graph. */
    void logits(String logits) {
        after.node("Identity", TopGraph.LOGITS, logits);
    }

    /**
     * Returns the model.
     *
     * @param outputs the shapes of the file's outputs by name; all outputs are in single precision
     * @param width number of features
     */
    FamilyModel model(
            String family,
            TrainingInput input,
            Map<String, long[]> outputs,
            String features,
            int width,
            List<String> blocks) {
        GraphProto.Builder file = GraphProto.newBuilder()
                .setName(family)
                .addAllNode(model.nodes())
                .addAllNode(fileOnly.nodes())
                .addAllInitializer(model.constants().values())
                .addAllInput(inputs);
        outputs.forEach((name, shape) -> file.addOutput(ValueInfos.of(name, shape)));
        GraphProto.Builder training = GraphProto.newBuilder()
                .setName(family)
                .addInput(ValueInfos.of(input.name(), input.shape()))
                .addAllInput(sideInputs)
                .addAllNode(before.nodes())
                .addAllNode(model.nodes())
                .addAllNode(after.nodes())
                .addAllInitializer(model.constants().values())
                .addAllInitializer(after.constants().values())
                .addOutput(ValueInfos.of(TopGraph.LOGITS, -1, -1));
        parameters.forEach((name, parameter) -> training.addInput(ValueInfos.of(name, parameter.shape())));
        TopGraph top = new TopGraph(training.build(), Map.of("", OPSET), parameters, width);
        return new FamilyModel(family, file.build(), weights, top, input, features, blocks);
    }
}
