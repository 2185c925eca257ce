package io.headwater.engine;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.shade.protobuf.CodedInputStream;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/**
 * Cuts an ONNX model at a tensor or several: what is left computes these and nothing else. Nodes, weights and inputs that
 * stay are kept verbatim. ONNX Runtime does not remove dead nodes by itself, so this does.
 */
final class OnnxCut {
    private final GraphProto graph;
    private final List<String> tensors;
    private final UnaryOperator<TensorProto> weights;
    private final Set<NodeProto> live = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<String> needed = new HashSet<>();

    private OnnxCut(GraphProto graph, List<String> tensors, UnaryOperator<TensorProto> weights) {
        this.graph = graph;
        this.tensors = tensors;
        this.weights = weights;
    }

    /**
     * The model below {@code tensor}, which becomes its only output.
     *
     * @param model an ONNX file
     * @throws BackboneException when {@code model} is not an ONNX model, keeps weights in other files, or has no node
     *     that computes {@code tensor}
     */
    static byte[] cut(byte[] model, String tensor) {
        return cut(model, List.of(tensor), UnaryOperator.identity());
    }

    /**
     * The model below {@code tensors}, which become its only outputs, in their order.
     *
     * @param model an ONNX file
     * @param weights brings weights that are kept in other files inside
     * @throws BackboneException when {@code model} is not an ONNX model, keeps weights in other files after all, or has
     *     no node that computes one of {@code tensors}
     */
    static byte[] cut(byte[] model, List<String> tensors, UnaryOperator<TensorProto> weights) {
        ModelProto whole = parse(model);
        GraphProto below = new OnnxCut(whole.getGraph(), tensors, weights).below();
        return whole.toBuilder().setGraph(below).build().toByteArray();
    }

    private static ModelProto parse(byte[] model) {
        // Aliasing spares a copy of all weights.
        CodedInputStream in = UnsafeByteOperations.unsafeWrap(model).newCodedInput();
        in.enableAliasing(true);
        try {
            ModelProto whole = ModelProto.parseFrom(in);
            if (whole.hasGraph() && whole.getGraph().getNodeCount() > 0) {
                return whole;
            }
        } catch (IOException e) {
            throw new BackboneException("the model file must be an ONNX model, but does not decode as one", e);
        }
        throw new BackboneException("the model file must be an ONNX model with nodes, but has none");
    }

    private GraphProto below() {
        mark();
        GraphProto.Builder kept = graph.toBuilder();
        kept.clearNode().addAllNode(filter(graph.getNodeList(), live::contains));
        kept.clearInitializer()
                .addAllInitializer(
                        filter(graph.getInitializerList(), weight -> needed.contains(weight.getName())).stream()
                                .map(weights)
                                .toList());
        kept.clearSparseInitializer()
                .addAllSparseInitializer(filter(
                        graph.getSparseInitializerList(),
                        weight -> needed.contains(weight.getValues().getName())));
        kept.clearInput().addAllInput(filter(graph.getInputList(), input -> needed.contains(input.getName())));
        kept.clearValueInfo()
                .addAllValueInfo(filter(
                        graph.getValueInfoList(),
                        value -> needed.contains(value.getName())
                                && !tensors.contains(value.getName())));
        kept.clearQuantizationAnnotation()
                .addAllQuantizationAnnotation(
                        filter(graph.getQuantizationAnnotationList(), tag -> needed.contains(tag.getTensorName())));
        kept.clearOutput();
        tensors.forEach(tensor -> kept.addOutput(output(tensor)));
        for (TensorProto weight : kept.getInitializerList()) {
            if (weight.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
                throw new BackboneException("weight '" + weight.getName()
                        + "' must be inside the model file, but is kept in a file of its own; save the model with its"
                        + " weights inside");
            }
        }
        return kept.build();
    }

    /** Marks what the tensor needs, from its node down. */
    private void mark() {
        Map<String, NodeProto> producers = new HashMap<>();
        for (NodeProto node : graph.getNodeList()) {
            for (String output : node.getOutputList()) {
                producers.put(output, node);
            }
        }
        for (String tensor : tensors) {
            if (tensor.isEmpty() || !producers.containsKey(tensor)) {
                throw new BackboneException(
                        "the cut must be a tensor that a node of the model computes, but none computes '" + tensor
                                + "'; the nearest names are " + NearestNames.of(tensor, producers.keySet()));
            }
        }
        Deque<String> open = new ArrayDeque<>(tensors);
        while (!open.isEmpty()) {
            String name = open.pop();
            NodeProto node = needed.add(name) ? producers.get(name) : null;
            if (node != null && live.add(node)) {
                open.addAll(reads(node));
            }
        }
    }

    /** What a node reads, by itself or inside the graphs of its branches and loops. */
    private static List<String> reads(NodeProto node) {
        List<String> names = new ArrayList<>(node.getInputList());
        for (AttributeProto attribute : node.getAttributeList()) {
            List<GraphProto> inner = new ArrayList<>(attribute.getGraphsList());
            if (attribute.hasG()) {
                inner.add(attribute.getG());
            }
            for (GraphProto branch : inner) {
                branch.getNodeList().forEach(each -> names.addAll(reads(each)));
                branch.getOutputList().forEach(each -> names.add(each.getName()));
            }
        }
        names.removeIf(String::isEmpty);
        return names;
    }

    /** What the model says of the tensor; where it says nothing, ONNX Runtime infers type and shape. */
    private ValueInfoProto output(String tensor) {
        List<ValueInfoProto> known = new ArrayList<>(graph.getOutputList());
        known.addAll(graph.getValueInfoList());
        return known.stream()
                .filter(value -> value.getName().equals(tensor))
                .findFirst()
                .orElseGet(() -> ValueInfoProto.newBuilder().setName(tensor).build());
    }

    private static <T> List<T> filter(List<T> all, Predicate<T> keep) {
        return all.stream().filter(keep).toList();
    }
}
