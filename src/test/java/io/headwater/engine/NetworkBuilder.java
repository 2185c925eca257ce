package io.headwater.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.shade.protobuf.ByteString;

/** Builds a network with random weights node by node; a node is named after its output tensor. */
public final class NetworkBuilder {
    private final GraphProto.Builder graph = GraphProto.newBuilder();
    private final Random random;
    private final int opset;
    private final int type;

    /** @param type of its weights, {@link TestModels#FLOAT} or {@link TestModels#HALF} */
    public NetworkBuilder(String name, int opset, int type) {
        graph.setName(name);
        random = new Random(name.hashCode());
        this.opset = opset;
        this.type = type;
    }

    public NetworkBuilder input(String name, int elementType, long... shape) {
        graph.addInput(TestModels.value(name, elementType, shape));
        return this;
    }

    public NetworkBuilder output(String name, int elementType, long... shape) {
        graph.addOutput(TestModels.value(name, elementType, shape));
        return this;
    }

    /** A node of one output. */
    public String node(String operator, String output, List<String> inputs, AttributeProto... attributes) {
        return node("", operator, output, inputs, attributes);
    }

    /** A node of an operator of another domain. */
    public String node(
            String domain, String operator, String output, List<String> inputs, AttributeProto... attributes) {
        graph.addNode(NodeProto.newBuilder()
                .setDomain(domain)
                .setOpType(operator)
                .setName(output)
                .addAllInput(inputs)
                .addOutput(output)
                .addAllAttribute(Arrays.asList(attributes)));
        return output;
    }

    /** Adds Gaussian weights with a given mean and standard deviation. */
    public String weight(String name, double mean, double deviation, long... shape) {
        int size = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (mean + deviation * random.nextGaussian());
        }
        return constant(name, values, shape);
    }

    /** Adds a matrix or kernel that preserves the scale of its input; {@code fan} is the number of summed values. */
    public String matrix(String name, long fan, long... shape) {
        return weight(name, 0, 1 / Math.sqrt(fan), shape);
    }

    public String constant(String name, float[] values, long... shape) {
        graph.addInitializer(TestModels.weight(name, type, values, shape));
        return name;
    }

    public String integers(String name, long... values) {
        graph.addInitializer(TensorProto.newBuilder()
                .setName(name)
                .setDataType(DataType.INT64_VALUE)
                .addDims(values.length)
                .addAllInt64Data(Arrays.stream(values).boxed().toList()));
        return name;
    }

    public String integer(String name, long value) {
        graph.addInitializer(TensorProto.newBuilder()
                .setName(name)
                .setDataType(DataType.INT64_VALUE)
                .addInt64Data(value));
        return name;
    }

    /** Adds a causal mask, booleans [1, 1, size, size]: later positions are masked. */
    String causal(String name, int size) {
        byte[] seen = new byte[size * size];
        for (int i = 0; i < size; i++) {
            Arrays.fill(seen, i * size, i * size + i + 1, (byte) 1);
        }
        graph.addInitializer(TensorProto.newBuilder()
                .setName(name)
                .setDataType(DataType.BOOL_VALUE)
                .addAllDims(List.of(1L, 1L, (long) size, (long) size))
                .setRawData(ByteString.copyFrom(seen)));
        return name;
    }

    public static AttributeProto whole(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    public static AttributeProto list(String name, long... values) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INTS)
                .addAllInts(Arrays.stream(values).boxed().toList())
                .build();
    }

    public static AttributeProto real(String name, float value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF(value)
                .build();
    }

    static AttributeProto text(String name, String value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value))
                .build();
    }

    /** A convolution with bias. */
    public String convolution(String name, String below, int in, int out, int size, AttributeProto... attributes) {
        long group = 1;
        for (AttributeProto attribute : attributes) {
            group = attribute.getName().equals("group") ? attribute.getI() : group;
        }
        matrix(name + ".weight", in / group * size * size, out, in / group, size, size);
        weight(name + ".bias", 0, 0.1, out);
        return node("Conv", name, List.of(below, name + ".weight", name + ".bias"), attributes);
    }

    /** Adds a batch normalisation with given statistics. */
    public String batchNormalisation(String name, String below, int channels) {
        weight(name + ".weight", 1, 0.1, channels);
        weight(name + ".bias", 0, 0.1, channels);
        weight(name + ".running_mean", 0, 0.1, channels);
        weight(name + ".running_var", 1, 0.05, channels);
        return node(
                "BatchNormalization",
                name,
                List.of(below, name + ".weight", name + ".bias", name + ".running_mean", name + ".running_var"));
    }

    /** Adds a dense layer x W + b on the last axis. */
    public String dense(String name, String below, int in, int out) {
        matrix(name + ".weight", in, in, out);
        weight(name + ".bias", 0, 0.1, out);
        return node(
                "Add",
                name,
                List.of(node("MatMul", name + "/product", List.of(below, name + ".weight")), name + ".bias"));
    }

    /** Layer normalisation of the last axis, written out; before operator set 18, which takes axes as an input. */
    String layerNormalisation(String name, String below, int width) {
        String mean = node("ReduceMean", name + "/mean", List.of(below), list("axes", -1));
        String centred = node("Sub", name + "/centred", List.of(below, mean));
        String squares = node("Pow", name + "/squares", List.of(centred, constant(name + "/two", new float[] {2})));
        String variance = node("ReduceMean", name + "/variance", List.of(squares), list("axes", -1));
        String shifted =
                node("Add", name + "/shifted", List.of(variance, constant(name + "/epsilon", new float[] {1e-5f})));
        String deviation = node("Sqrt", name + "/deviation", List.of(shifted));
        String unit = node("Div", name + "/unit", List.of(centred, deviation));
        String scaled = node("Mul", name + "/scaled", List.of(unit, weight(name + ".weight", 1, 0.1, width)));
        return node("Add", name, List.of(scaled, weight(name + ".bias", 0, 0.1, width)));
    }

    /** GELU by the error function, written out. */
    String gelu(String name, String below) {
        String scaled =
                node("Div", name + "/scaled", List.of(below, constant(name + "/root", new float[] {1.4142135f})));
        String erf = node("Erf", name + "/erf", List.of(scaled));
        String shifted = node("Add", name + "/shifted", List.of(erf, constant(name + "/one", new float[] {1})));
        String product = node("Mul", name + "/product", List.of(below, shifted));
        return node("Mul", name, List.of(product, constant(name + "/half", new float[] {0.5f})));
    }

    public ModelProto build(int irVersion, boolean listInitializers) {
        List<ValueInfoProto> listed = new ArrayList<>();
        if (listInitializers) {
            for (TensorProto weight : graph.getInitializerList()) {
                listed.add(TestModels.value(
                        weight.getName(),
                        weight.getDataType(),
                        weight.getDimsList().stream().mapToLong(Long::longValue).toArray()));
            }
        }
        ModelProto.Builder model = ModelProto.newBuilder()
                .setIrVersion(irVersion)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
                .setGraph(graph.clone().addAllInput(listed));
        if (graph.getNodeList().stream().anyMatch(node -> !node.getDomain().isEmpty())) {
            model.addOpsetImport(
                    OperatorSetIdProto.newBuilder().setDomain("com.microsoft").setVersion(1));
        }
        return model.build();
    }

    public ModelProto build() {
        return build(8, false);
    }
}
