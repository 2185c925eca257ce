package io.headwater.engine.top;

import static io.headwater.engine.onnx.Attributes.attribute;

import io.headwater.engine.OutputActivation;
import io.headwater.engine.onnx.OnnxGraph;
import io.headwater.engine.onnx.Tensors;
import io.headwater.engine.onnx.ValueInfos;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import onnx.Onnx.ValueInfoProto;

/**
 * Builds a complete ONNX model with the trained parameters: the part below the cut is kept byte for byte, trained
 * initializers are replaced, pooling and the new output layer are appended, and the old classifier is left out.
 */
public final class ExportBuilder {
    /**
     * Output of the exported model: a probability for each class, [batch, classes], or for each position and class,
     * [batch, positions, classes]; absent if the model returns logits only.
     */
    public static final String PROBABILITIES = "probabilities";
    /** Output of the exported model: the logits from which the probabilities are computed, in the same shape. */
    public static final String LOGITS = "logits";

    private static final Set<String> OWN = Set.of(PROBABILITIES, LOGITS);
    private static final int INITIALIZERS_NEED_NO_INPUT = 4;
    private static final String SINGLE = "/single";

    private final ModelProto whole;
    private final OnnxGraph index;
    private final Segment segment;
    private final Map<String, TensorProto> trained;
    private final Set<String> halfCut;
    private final NodeWriter writer = new NodeWriter();
    private final List<NodeProto> nodes = writer.nodes();
    private final Map<String, TensorProto> initializers = writer.constants();
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
     * Builds the complete model.
     *
     * @param whole the base model, without external data
     * @param segment the part of the base model that was trained
     * @param features how features are computed from the segment's output
     * @param activation the activation that is applied to the logits
     * @param trained trained parameters by their name in {@link TopGraph#parameters}, in single precision as raw data
     * @param loraScale the factor by which low-rank updates are multiplied
     * @param halfCut the tensors of the cut that are in half precision; everything above them is in single precision
     * @param mask the input that tells real tokens from padding; empty if there is none
     * @param metadata metadata of the file
     * @throws TopException if the model's operator set cannot express the pooling
     */
    public static ModelProto build(
            ModelProto whole,
            Segment segment,
            Features features,
            OutputActivation activation,
            Map<String, TensorProto> trained,
            double loraScale,
            Set<String> halfCut,
            String mask,
            Map<String, String> metadata) {
        ExportBuilder builder = new ExportBuilder(whole, segment, trained, loraScale, halfCut);
        builder.below();
        builder.above();
        builder.giveWay();
        ExportLayers layers = new ExportLayers(builder.writer, segment.opsets().getOrDefault("", 0));
        String output = builder.features();
        String vectors = layers.pooled(output, features, mask);
        layers.outputLayer(vectors, output, features, activation, builder.trained);
        return builder.model(features.everyPosition(), activation, metadata);
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
        Map<String, NodeProto> made = new HashMap<>();
        nodes.forEach(node -> node.getOutputList().forEach(output -> made.put(output, node)));
        segment.cut().stream().filter(halfCut::contains).forEach(this::widen);
        for (ValueInfoProto input : index.inputs()) {
            boolean read = segment.sideInputs().stream()
                    .anyMatch(side -> side.getName().equals(input.getName()));
            if (read && Widening.isHalf(input)) {
                widen(input.getName());
            }
        }
        segment.initializers().forEach((name, tensor) -> {
            TensorProto value = trained.getOrDefault(name, tensor);
            TensorProto before = initializers.get(name);
            if (before == null) {
                initializers.put(name, Tensors.named(value, name));
            } else if (!sameData(before, value)) {
                renamed.put(name, name + SINGLE);
                initializers.put(name + SINGLE, Tensors.named(value, name + SINGLE));
            }
        });
        for (NodeProto node : segment.nodes()) {
            boolean frozen = node.equals(made.get(node.getOutput(0)));
            if (frozen && OnnxGraph.reads(node).stream().noneMatch(renamed::containsKey)) {
                continue;
            }
            NodeProto.Builder copy = OnnxGraph.reading(node, renamed).toBuilder();
            for (int i = 0; i < copy.getOutputCount(); i++) {
                String output = copy.getOutput(i);
                // An empty name stands for an output that is left out.
                if (!output.isEmpty() && made.containsKey(output)) {
                    renamed.put(output, output + SINGLE);
                    copy.setOutput(i, output + SINGLE);
                }
            }
            nodes.add(copy.build());
        }
    }

    /** Lets the nodes above the cut read a tensor in half precision in single precision. */
    private void widen(String tensor) {
        nodes.add(NodeProto.newBuilder()
                .setOpType("Cast")
                .setName(tensor + SINGLE)
                .addInput(tensor)
                .addOutput(tensor + SINGLE)
                .addAttribute(attribute("to", DataType.FLOAT_VALUE))
                .build());
        renamed.put(tensor, tensor + SINGLE);
    }

    /** Renames tensors of the base model whose names collide with those of the outputs of the export. */
    private void giveWay() {
        Map<String, String> others = new HashMap<>();
        for (NodeProto node : nodes) {
            node.getOutputList().stream().filter(OWN::contains).forEach(output -> others.put(output, output + "/base"));
        }
        if (others.isEmpty()) {
            return;
        }
        nodes.replaceAll(node -> {
            NodeProto.Builder copy = OnnxGraph.reading(node, others).toBuilder().clearOutput();
            node.getOutputList().forEach(output -> copy.addOutput(others.getOrDefault(output, output)));
            return copy.build();
        });
        others.forEach(renamed::putIfAbsent);
    }

    private static boolean sameData(TensorProto one, TensorProto other) {
        return one.getDataType() == other.getDataType() && one.getRawData().equals(other.getRawData());
    }

    private String features() {
        return renamed.getOrDefault(segment.output(), segment.output());
    }

    private ModelProto model(boolean everyPosition, OutputActivation activation, Map<String, String> metadata) {
        GraphProto.Builder graph = whole.getGraph().toBuilder();
        graph.clearNode().addAllNode(nodes);
        graph.clearInitializer().addAllInitializer(initializers.values());
        graph.clearSparseInitializer().clearQuantizationAnnotation();
        Set<String> read = new LinkedHashSet<>();
        nodes.forEach(node -> read.addAll(OnnxGraph.reads(node)));
        Set<String> known = new HashSet<>(read);
        nodes.forEach(node -> known.addAll(node.getOutputList()));
        keep(graph, read, known);
        long classes = Tensors.dims(Objects.requireNonNull(initializers.get(TopGraph.BIAS)))[0];
        graph.clearOutput();
        long[] shape = everyPosition ? new long[] {-1, -1, classes} : new long[] {-1, classes};
        if (activation != OutputActivation.NONE) {
            graph.addOutput(ValueInfos.of(PROBABILITIES, shape));
        }
        graph.addOutput(ValueInfos.of(LOGITS, shape));
        graph.addOutput(ValueInfos.ofAnyShape(features()));
        ModelProto.Builder model = whole.toBuilder().setGraph(graph);
        model.setIrVersion(Math.max(INITIALIZERS_NEED_NO_INPUT, whole.getIrVersion()));
        model.setProducerName("headwater").clearProducerVersion().clearMetadataProps();
        metadata.forEach((key, value) -> model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return model.build();
    }

    /** Keeps the inputs that are read, and drops input declarations of initializers, which may no longer be true. */
    private void keep(GraphProto.Builder graph, Set<String> read, Set<String> known) {
        List<ValueInfoProto> inputs = index.inputs().stream()
                .filter(input -> read.contains(input.getName()))
                .toList();
        graph.clearInput().addAllInput(inputs);
        List<ValueInfoProto> infos = graph.getValueInfoList().stream()
                .filter(info -> known.contains(info.getName()) && halfCut.isEmpty())
                .filter(info -> !info.getName().equals(features()) && !OWN.contains(info.getName()))
                .toList();
        graph.clearValueInfo().addAllValueInfo(infos);
    }
}
