package io.headwater.engine.top;

import io.headwater.config.BaseModelManifest.Layout;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.engine.onnx.OnnxGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;

/**
 * Writes what was learned back into a whole ONNX model: the part below the cut byte for byte, trained initializers replaced,
 * pooling and the new output layer appended, the old classifier left out.
 */
public final class ExportBuilder {
    /** Output of the exported model: a probability for each class, [batch, classes]. */
    public static final String PROBABILITIES = "probabilities";
    /** Output of the exported model: what softmax makes the probabilities of, [batch, classes]. */
    public static final String LOGITS = "logits";

    private static final int INITIALIZERS_NEED_NO_INPUT = 4;
    private static final String SINGLE = "/single";

    private final ModelProto whole;
    private final OnnxGraph index;
    private final Segment segment;
    private final Map<String, TensorProto> trained;
    private final Set<String> halfCut;
    private final List<NodeProto> nodes = new ArrayList<>();
    private final Map<String, TensorProto> initializers = new LinkedHashMap<>();
    private final Map<String, String> renamed = new HashMap<>();

    private ExportBuilder(
            ModelProto whole,
            Segment segment,
            Map<String, TensorProto> trained,
            double loraScale,
            Set<String> halfCut) {
        this.whole = whole;
        this.index = OnnxGraph.of(whole.getGraph());
        this.segment = segment;
        this.trained = LowRank.merged(segment, trained, loraScale);
        this.halfCut = halfCut;
    }

    /**
     * The whole model.
     *
     * @param whole the base model, all data inside
     * @param segment what was trained of it
     * @param features how the segment's output becomes features
     * @param trained parameters by name in single precision and as raw data, as {@link TopGraph#parameters} names them
     * @param loraScale how much changes of low rank count
     * @param halfCut the tensors of the cut that are in half precision: what lies above is single
     * @param mask the input that says which tokens are real; empty when there is none
     * @param metadata what the file says of itself
     * @throws TopException when the model's operator set cannot express the pooling
     */
    public static ModelProto build(
            ModelProto whole,
            Segment segment,
            Features features,
            Map<String, TensorProto> trained,
            double loraScale,
            Set<String> halfCut,
            String mask,
            Map<String, String> metadata) {
        ExportBuilder builder = new ExportBuilder(whole, segment, trained, loraScale, halfCut);
        builder.below();
        builder.above();
        builder.outputLayer(builder.pooled(features, mask));
        return builder.model(metadata);
    }

    private void below() {
        Set<String> needed = new HashSet<>(segment.cut());
        List<NodeProto> kept = new ArrayList<>();
        for (int i = index.nodes().size() - 1; i >= 0; i--) {
            NodeProto node = index.nodes().get(i);
            if (node.getOutputList().stream().anyMatch(needed::contains)) {
                needed.addAll(index.readsAt(i));
                kept.add(0, node);
            }
        }
        nodes.addAll(kept);
        for (TensorProto initializer : index.initializers()) {
            if (needed.contains(initializer.getName())) {
                initializers.put(initializer.getName(), initializer);
            }
        }
    }

    private void above() {
        Set<String> made = new HashSet<>();
        nodes.forEach(node -> made.addAll(node.getOutputList()));
        for (String tensor : segment.cut()) {
            if (halfCut.contains(tensor)) {
                nodes.add(NodeProto.newBuilder()
                        .setOpType("Cast")
                        .setName(tensor + SINGLE)
                        .addInput(tensor)
                        .addOutput(tensor + SINGLE)
                        .addAttribute(attribute("to", DataType.FLOAT_VALUE))
                        .build());
                renamed.put(tensor, tensor + SINGLE);
            }
        }
        segment.initializers().forEach((name, tensor) -> {
            TensorProto value = trained.getOrDefault(name, tensor);
            TensorProto before = initializers.get(name);
            if (before == null) {
                initializers.put(name, named(value, name));
            } else if (!sameData(before, value)) {
                renamed.put(name, name + SINGLE);
                initializers.put(name + SINGLE, named(value, name + SINGLE));
            }
        });
        for (NodeProto node : segment.nodes()) {
            boolean known = node.getOutputList().stream().anyMatch(made::contains);
            boolean same =
                    known && halfCut.isEmpty() && node.getInputList().stream().noneMatch(renamed::containsKey);
            if (same) {
                continue;
            }
            NodeProto.Builder copy = node.toBuilder();
            for (int i = 0; i < copy.getInputCount(); i++) {
                copy.setInput(i, renamed.getOrDefault(copy.getInput(i), copy.getInput(i)));
            }
            for (int i = 0; i < copy.getOutputCount(); i++) {
                String output = copy.getOutput(i);
                if (!output.isEmpty() && made.contains(output)) {
                    renamed.put(output, output + SINGLE);
                    copy.setOutput(i, output + SINGLE);
                }
            }
            nodes.add(copy.build());
        }
    }

    private static boolean sameData(TensorProto one, TensorProto other) {
        return one.getDataType() == other.getDataType() && one.getRawData().equals(other.getRawData());
    }

    private static TensorProto named(TensorProto tensor, String name) {
        return tensor.getName().equals(name)
                ? tensor
                : tensor.toBuilder().setName(name).build();
    }

    private String features() {
        return renamed.getOrDefault(segment.output(), segment.output());
    }

    /** The name of the vectors before the output layer. */
    private String pooled(Features features, String mask) {
        String tensor = features();
        long width = features.width();
        if (features.hasTokens()) {
            tensor = tokens(features.pooling(), tensor, mask);
        } else if (features.pooling() == Pooling.MEAN && features.layout() == Layout.NCHW) {
            tensor = node("GlobalAveragePool", "top/pooled", List.of(), tensor);
        } else if (features.pooling() == Pooling.MEAN) {
            String turned =
                    node("Transpose", "top/turned", List.of(attribute("perm", new long[] {0, 3, 1, 2})), tensor);
            tensor = node("GlobalAveragePool", "top/pooled", List.of(), turned);
        }
        String vectors = node("Reshape", "top/vectors", List.of(), tensor, integers("top/vectors/shape", -1, width));
        return features.normalise() ? normalised(vectors, width) : vectors;
    }

    private String tokens(Pooling pooling, String tensor, String mask) {
        if (pooling == Pooling.FIRST) {
            return node("Gather", "top/pooled", List.of(attribute("axis", 1)), tensor, integer("top/first", 0));
        }
        if (mask.isEmpty()) {
            if (pooling == Pooling.LAST) {
                requireOpset(11, "the last token of a model without a mask");
                return node("Gather", "top/pooled", List.of(attribute("axis", 1)), tensor, integer("top/last", -1));
            }
            String turned = node("Transpose", "top/turned", List.of(attribute("perm", new long[] {0, 2, 1})), tensor);
            return node("GlobalAveragePool", "top/pooled", List.of(), turned);
        }
        String real = node("Cast", "top/mask", List.of(attribute("to", DataType.FLOAT_VALUE)), mask);
        String row = node("Reshape", "top/mask/row", List.of(), real, integers("top/mask/shape", 0, 1, -1));
        String column = node("Transpose", "top/mask/column", List.of(attribute("perm", new long[] {0, 2, 1})), row);
        // Of zeros and ones, the sum of the squares is the sum.
        String count = node("MatMul", "top/count", List.of(), row, column);
        if (pooling == Pooling.MEAN) {
            String sum = node("MatMul", "top/tokens", List.of(), row, tensor);
            return node("Div", "top/pooled", List.of(), sum, count);
        }
        requireOpset(9, "the last token");
        String last = node("Sub", "top/last", List.of(), count, reals("top/one", new float[] {1}));
        String index = node("Cast", "top/last/index", List.of(attribute("to", DataType.INT64_VALUE)), last);
        String flat = node("Reshape", "top/last/flat", List.of(), index, integers("top/last/shape", -1, 1));
        String shape = node("Shape", "top/mask/sizes", List.of(), mask);
        String length = node("Gather", "top/length", List.of(attribute("axis", 0)), shape, integer("top/axis", 1));
        String hot =
                node("OneHot", "top/last/hot", List.of(), flat, length, reals("top/off-on", new float[] {0, 1}, 2));
        return node("MatMul", "top/pooled", List.of(), hot, tensor);
    }

    private void requireOpset(int version, String what) {
        if (segment.opsets().getOrDefault("", 0) < version) {
            throw new TopException("to take " + what + ", the exported model needs operator set " + version
                    + ", but the base model has " + segment.opsets().get("") + "; choose another pooling");
        }
    }

    private String normalised(String vectors, long width) {
        float[] ones = new float[(int) width];
        Arrays.fill(ones, 1);
        String squares = node("Mul", "top/squares", List.of(), vectors, vectors);
        String sum = node("MatMul", "top/sum", List.of(), squares, reals("top/ones", ones, width, 1));
        String positive =
                node("Add", "top/sum/positive", List.of(), sum, reals("top/tiny", new float[] {TopBuilder.TINY}));
        return node("Div", "top/features", List.of(), vectors, node("Sqrt", "top/length/vector", List.of(), positive));
    }

    private void outputLayer(String vectors) {
        String below = vectors;
        if (trained.containsKey(TopGraph.HIDDEN_WEIGHTS)) {
            String hidden = gemm("top/hidden", below, TopGraph.HIDDEN_WEIGHTS, TopGraph.HIDDEN_BIAS);
            below = node("Relu", "top/hidden/positive", List.of(), hidden);
        }
        gemm(LOGITS, below, TopGraph.WEIGHTS, TopGraph.BIAS);
        node("Softmax", PROBABILITIES, List.of(attribute("axis", 1)), LOGITS);
    }

    private String gemm(String output, String below, String weights, String bias) {
        for (String name : List.of(weights, bias)) {
            TensorProto value = trained.get(name);
            if (value == null) {
                throw new TopException(
                        "a head must have '" + name + "', but has none; it was not written by Headwater");
            }
            initializers.put(name, named(value, name));
        }
        return node("Gemm", output, List.of(), below, weights, bias);
    }

    private ModelProto model(Map<String, String> metadata) {
        GraphProto.Builder graph = whole.getGraph().toBuilder();
        graph.clearNode().addAllNode(nodes);
        graph.clearInitializer().addAllInitializer(initializers.values());
        graph.clearSparseInitializer().clearQuantizationAnnotation();
        Set<String> read = new LinkedHashSet<>();
        nodes.forEach(node -> read.addAll(OnnxGraph.reads(node)));
        Set<String> known = new HashSet<>(read);
        nodes.forEach(node -> known.addAll(node.getOutputList()));
        keep(graph, read, known);
        long classes = TopBuilder.dims(Objects.requireNonNull(initializers.get(TopGraph.BIAS)))[0];
        graph.clearOutput();
        graph.addOutput(output(PROBABILITIES, classes)).addOutput(output(LOGITS, classes));
        graph.addOutput(ValueInfoProto.newBuilder()
                .setName(features())
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(DataType.FLOAT_VALUE))));
        ModelProto.Builder model = whole.toBuilder().setGraph(graph);
        model.setIrVersion(Math.max(INITIALIZERS_NEED_NO_INPUT, whole.getIrVersion()));
        model.setProducerName("headwater").clearProducerVersion().clearMetadataProps();
        metadata.forEach((key, value) -> model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return model.build();
    }

    /** Inputs that something reads; initializers are none, as what was said of them may no longer hold. */
    private void keep(GraphProto.Builder graph, Set<String> read, Set<String> known) {
        List<ValueInfoProto> inputs = index.inputs().stream()
                .filter(input -> read.contains(input.getName()))
                .toList();
        graph.clearInput().addAllInput(inputs);
        List<ValueInfoProto> infos = graph.getValueInfoList().stream()
                .filter(info -> known.contains(info.getName()) && halfCut.isEmpty())
                .filter(info -> !info.getName().equals(features()))
                .toList();
        graph.clearValueInfo().addAllValueInfo(infos);
    }

    private static ValueInfoProto output(String name, long classes) {
        TensorShapeProto shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("batch"))
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(classes))
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(DataType.FLOAT_VALUE)
                                .setShape(shape)))
                .build();
    }

    private String node(String type, String output, List<AttributeProto> attributes, String... inputs) {
        nodes.add(NodeProto.newBuilder()
                .setOpType(type)
                .setName(output)
                .addAllInput(Arrays.asList(inputs))
                .addOutput(output)
                .addAllAttribute(attributes)
                .build());
        return output;
    }

    private String integers(String name, long... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(DataType.INT64_VALUE)
                .addDims(values.length);
        Arrays.stream(values).forEach(tensor::addInt64Data);
        initializers.put(name, tensor.build());
        return name;
    }

    private String integer(String name, long value) {
        initializers.put(
                name,
                TensorProto.newBuilder()
                        .setName(name)
                        .setDataType(DataType.INT64_VALUE)
                        .addInt64Data(value)
                        .build());
        return name;
    }

    private String reals(String name, float[] values, long... shape) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(DataType.FLOAT_VALUE);
        Arrays.stream(shape).forEach(tensor::addDims);
        for (float value : values) {
            tensor.addFloatData(value);
        }
        initializers.put(name, tensor.build());
        return name;
    }

    private static AttributeProto attribute(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    private static AttributeProto attribute(String name, long[] values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        Arrays.stream(values).forEach(attribute::addInts);
        return attribute.build();
    }
}
