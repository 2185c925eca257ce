package io.headwater.bench.top;

import io.headwater.engine.TestModels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import org.nd4j.shade.protobuf.ByteString;

/** Writes models of known architectures with random weights, whose last blocks are trained. */
final class TopModels {
    /** Channels of the residual network's last block. */
    static final int RESIDUAL_WIDTH = 2048;
    /** Channels at the cut below the block of Inception. */
    static final int INCEPTION_WIDTH = 64;
    /** Width of the decoder. */
    static final int DECODER_WIDTH = 64;
    /** Heads of attention of the decoder. */
    static final int DECODER_HEADS = 4;

    private static final int VOCABULARY = 30522;
    private static final int LONGEST = 64;

    private final Random random = new Random(29);
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("generated");

    private TopModels() {}

    /** ResNet-50 (He et al. 2016) up to its pooled features: "pixels" [N, 3, 224, 224] → "layer4.2/out". */
    static ModelProto residual() {
        TopModels model = new TopModels();
        model.graph.addInput(TestModels.value("pixels", TestModels.FLOAT, 0, 3, 224, 224));
        String at = model.relu(model.normalised("stem", "pixels", 3, 64, 7, 2, 1));
        at = model.node(
                "MaxPool", "stem/pool", List.of(at), ints("kernel_shape", 3, 3), ints("strides", 2, 2), pads(1));
        int width = 64;
        int[] blocks = {3, 4, 6, 3};
        for (int layer = 0; layer < blocks.length; layer++) {
            int inner = 64 << layer;
            for (int block = 0; block < blocks[layer]; block++) {
                String name = "layer" + (layer + 1) + "." + block;
                int stride = block == 0 && layer > 0 ? 2 : 1;
                at = model.bottleneck(name, at, width, inner, stride, block == 0);
                width = 4 * inner;
            }
        }
        return model.done(at, 0, RESIDUAL_WIDTH, 7, 7);
    }

    private String bottleneck(String name, String input, int width, int inner, int stride, boolean projected) {
        String first = relu(normalised(name + ".1", input, width, inner, 1, 1, 1));
        String second = relu(normalised(name + ".2", first, inner, inner, 3, stride, 1));
        // Small residuals keep the values of a deep network with fixed statistics bounded.
        String third = normalised(name + ".3", second, inner, 4 * inner, 1, 1, 0.3f);
        String shortcut = projected ? normalised(name + ".0", input, width, 4 * inner, 1, stride, 1) : input;
        String sum = node("Add", name + "/sum", List.of(third, shortcut));
        return node("Relu", name + "/out", List.of(sum));
    }

    /** A stem and one block with the parallel branches of InceptionV3 (Szegedy et al. 2016): → "block/out". */
    static ModelProto inception() {
        TopModels model = new TopModels();
        int width = INCEPTION_WIDTH;
        model.graph.addInput(TestModels.value("pixels", TestModels.FLOAT, 0, 3, 35, 35));
        String cut = model.relu(model.biased("stem", "pixels", 3, width, 3, 3, 2));
        String one = model.relu(model.biased("block.one", cut, width, 32, 1, 1, 1));
        String two = model.relu(model.biased("block.two1", cut, width, 24, 1, 1, 1));
        two = model.relu(model.biased("block.two2", two, 24, 24, 1, 7, 1));
        two = model.relu(model.biased("block.two3", two, 24, 32, 7, 1, 1));
        String three = model.relu(model.biased("block.three1", cut, width, 24, 1, 1, 1));
        three = model.relu(model.biased("block.three2", three, 24, 32, 3, 3, 1));
        String four = model.node(
                "AveragePool",
                "block/pool",
                List.of(cut),
                ints("kernel_shape", 3, 3),
                pads(1),
                integer("count_include_pad", 1));
        four = model.relu(model.biased("block.four", four, width, 32, 1, 1, 1));
        String out = model.node("Concat", "block/out", List.of(one, two, three, four), integer("axis", 1));
        return model.done(out, 0, 128, 18, 18);
    }

    /** A decoder of two blocks in the form of GPT-2 (Radford et al. 2019): "input_ids" [N, S] → "final" [N, S, width]. */
    static ModelProto decoder() {
        TopModels model = new TopModels();
        int width = DECODER_WIDTH;
        model.graph.addInput(TestModels.value("input_ids", TestModels.LONG, 0, -1));
        model.gaussian("wte", 0.5f, VOCABULARY, width);
        float[] causal = new float[LONGEST * LONGEST];
        for (int i = 0; i < causal.length; i++) {
            causal[i] = i % LONGEST <= i / LONGEST ? 1 : 0;
        }
        model.constant("causal", causal, 1, 1, LONGEST, LONGEST);
        model.constant("masked", new float[] {-10_000});
        model.constant("scale", new float[] {(float) (1 / Math.sqrt(width / (double) DECODER_HEADS))});
        model.longs("zero.zero", 0, 0);
        model.longs("two.three", 2, 3);
        model.longs("heads", 0, 0, DECODER_HEADS, width / DECODER_HEADS);
        model.longs("joined", 0, 0, width);
        model.longs("second", 1);
        model.longs("thirds", width, width, width);
        String at = model.node("Gather", "h.start", List.of("wte", "input_ids"));
        for (int block = 0; block < 2; block++) {
            at = model.decoderBlock("h." + block, at, width);
        }
        return model.done(model.layerNorm("ln_f", at, width, "final"), 0, -1, width);
    }

    private String decoderBlock(String name, String input, int width) {
        String shape = node("Shape", name + "/shape", List.of(input));
        String length = node("Gather", name + "/length", List.of(shape, "second"));
        String ends = node("Concat", name + "/ends", List.of(length, length), integer("axis", 0));
        String mask = node("Slice", name + "/mask", List.of("causal", "zero.zero", ends, "two.three"));
        String seen = node("Cast", name + "/seen", List.of(mask), integer("to", TensorProto.DataType.BOOL_VALUE));

        String normal = layerNorm(name + ".ln_1", input, width, name + "/ln_1");
        String all = dense(name + ".attn.c_attn", normal, width, 3 * width);
        List<String> parts = List.of(name + "/q", name + "/k", name + "/v");
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Split")
                .setName(name + "/split")
                .addInput(all)
                .addInput("thirds")
                .addAllOutput(parts)
                .addAttribute(integer("axis", 2)));
        String q = heads(parts.get(0), 0, 2, 1, 3);
        String k = heads(parts.get(1), 0, 2, 3, 1);
        String v = heads(parts.get(2), 0, 2, 1, 3);
        String scores =
                node("Mul", name + "/scaled", List.of(node("MatMul", name + "/scores", List.of(q, k)), "scale"));
        String causal = node("Where", name + "/causal", List.of(seen, scores, "masked"));
        String shares = node("Softmax", name + "/shares", List.of(causal), integer("axis", -1));
        String mixed = node("MatMul", name + "/mixed", List.of(shares, v));
        String back = node("Transpose", name + "/back", List.of(mixed), ints("perm", 0, 2, 1, 3));
        String joined = node("Reshape", name + "/joined", List.of(back, "joined"));
        String attended =
                node("Add", name + "/attended", List.of(dense(name + ".attn.c_proj", joined, width, width), input));

        String inner =
                dense(name + ".mlp.c_fc", layerNorm(name + ".ln_2", attended, width, name + "/ln_2"), width, 4 * width);
        String active = name + "/gelu";
        graph.addNode(NodeProto.newBuilder()
                .setOpType("FastGelu")
                .setDomain("com.microsoft")
                .setName(active)
                .addInput(inner)
                .addOutput(active));
        return node("Add", name + "/out", List.of(dense(name + ".mlp.c_proj", active, 4 * width, width), attended));
    }

    private String heads(String input, long... order) {
        String split = node("Reshape", input + "/heads", List.of(input, "heads"));
        return node("Transpose", input + "/turned", List.of(split), ints("perm", order));
    }

    private String dense(String name, String input, int in, int out) {
        gaussian(name + ".weight", (float) (1 / Math.sqrt(in)), in, out);
        gaussian(name + ".bias", 0.1f, out);
        String product = node("MatMul", name + "/product", List.of(input, name + ".weight"));
        return node("Add", name + "/sum", List.of(product, name + ".bias"));
    }

    private String layerNorm(String name, String input, int width, String output) {
        around(name + ".weight", 1, 0.1f, width);
        gaussian(name + ".bias", 0.1f, width);
        AttributeProto epsilon = AttributeProto.newBuilder()
                .setName("epsilon")
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF(1e-5f)
                .build();
        return node("LayerNormalization", output, List.of(input, name + ".weight", name + ".bias"), epsilon);
    }

    /** A convolution with a bias. */
    private String biased(String name, String input, int in, int out, int high, int wide, int stride) {
        gaussian(name + ".weight", (float) Math.sqrt(2.0 / (in * high * wide)), out, in, high, wide);
        gaussian(name + ".bias", 0.1f, out);
        return node(
                "Conv",
                name + "/conv",
                List.of(input, name + ".weight", name + ".bias"),
                ints("strides", stride, stride),
                ints("pads", high / 2, wide / 2, high / 2, wide / 2));
    }

    /** Adds a convolution and a batch normalisation with approximately the statistics of its input. */
    private String normalised(String name, String input, int in, int out, int size, int stride, float scale) {
        gaussian(name + ".conv.weight", (float) Math.sqrt(2.0 / (in * size * size)), out, in, size, size);
        String conv = node(
                "Conv",
                name + "/conv",
                List.of(input, name + ".conv.weight"),
                ints("strides", stride, stride),
                pads(size / 2));
        around(name + ".bn.weight", scale, 0.1f * scale, out);
        gaussian(name + ".bn.bias", 0.1f, out);
        gaussian(name + ".bn.running_mean", 0.1f, out);
        around(name + ".bn.running_var", 1, 0.1f, out);
        return node(
                "BatchNormalization",
                name + "/bn",
                List.of(
                        conv,
                        name + ".bn.weight",
                        name + ".bn.bias",
                        name + ".bn.running_mean",
                        name + ".bn.running_var"));
    }

    private String relu(String input) {
        return node("Relu", input + "/relu", List.of(input));
    }

    private String node(String type, String output, List<String> inputs, AttributeProto... attributes) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType(type)
                .setName(output)
                .addAllInput(inputs)
                .addOutput(output)
                .addAllAttribute(List.of(attributes)));
        return output;
    }

    private static AttributeProto ints(String name, long... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        Arrays.stream(values).forEach(attribute::addInts);
        return attribute.build();
    }

    private static AttributeProto pads(long size) {
        return ints("pads", size, size, size, size);
    }

    private static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    private void gaussian(String name, float deviation, long... shape) {
        around(name, 0, deviation, shape);
    }

    private void around(String name, float mean, float deviation, long... shape) {
        float[] values = new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        for (int i = 0; i < values.length; i++) {
            values[i] = mean + deviation * (float) random.nextGaussian();
        }
        constant(name, values, shape);
    }

    private void constant(String name, float[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(TestModels.FLOAT)
                .setRawData(ByteString.copyFrom(bytes));
        Arrays.stream(shape).forEach(tensor::addDims);
        graph.addInitializer(tensor);
    }

    private void longs(String name, long... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(TestModels.LONG)
                .addDims(values.length);
        Arrays.stream(values).forEach(tensor::addInt64Data);
        graph.addInitializer(tensor);
    }

    private ModelProto done(String output, long... shape) {
        graph.addOutput(TestModels.value(output, TestModels.FLOAT, shape));
        List<OperatorSetIdProto> opsets = new ArrayList<>();
        opsets.add(OperatorSetIdProto.newBuilder().setVersion(17).build());
        opsets.add(OperatorSetIdProto.newBuilder()
                .setDomain("com.microsoft")
                .setVersion(1)
                .build());
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addAllOpsetImport(opsets)
                .setGraph(graph)
                .build();
    }
}
