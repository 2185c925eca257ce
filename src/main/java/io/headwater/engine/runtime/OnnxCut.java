package io.headwater.engine.runtime;

import io.headwater.engine.BackboneException;
import io.headwater.engine.onnx.NearestNames;
import io.headwater.engine.onnx.OnnxException;
import io.headwater.engine.onnx.OnnxGraph;
import io.headwater.engine.onnx.OnnxModelFile;
import io.headwater.engine.onnx.Reproducible;
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
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.ValueInfoProto;

/**
 * Cuts an ONNX model at tensors and keeps only what is needed to compute them. The remaining nodes, weights and inputs
 * are kept as {@link OnnxModelFile} reads them. Dead nodes are removed here because ONNX Runtime does not remove them.
 */
public final class OnnxCut {
    private final GraphProto graph;
    private final List<String> tensors;
    private final Set<NodeProto> live = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<String> needed = new HashSet<>();

    private OnnxCut(GraphProto graph, List<String> tensors) {
        this.graph = graph;
        this.tensors = tensors;
    }

    /**
     * Returns the model below {@code tensor}, which becomes its only output.
     *
     * @param model an ONNX file that includes all its weights
     * @throws BackboneException when {@code model} is not a readable ONNX model, or no node computes {@code tensor}
     */
    static byte[] cut(byte[] model, String tensor) {
        try {
            return cut(OnnxModelFile.parse(model), List.of(tensor));
        } catch (OnnxException e) {
            throw new BackboneException(e.getMessage(), e);
        }
    }

    /**
     * Returns the model below {@code tensors}, which become its only outputs, in this order.
     *
     * @param whole a checked model that includes all its weights
     * @throws BackboneException when no node computes one of {@code tensors}, or they differ between runs
     */
    public static byte[] cut(ModelProto whole, List<String> tensors) {
        GraphProto below = new OnnxCut(whole.getGraph(), tensors).below();
        return whole.toBuilder().setGraph(below).build().toByteArray();
    }

    private GraphProto below() {
        mark();
        try {
            Reproducible.check(filter(graph.getNodeList(), live::contains));
        } catch (OnnxException e) {
            throw new BackboneException(e.getMessage(), e);
        }
        GraphProto.Builder kept = graph.toBuilder();
        kept.clearNode().addAllNode(filter(graph.getNodeList(), live::contains));
        kept.clearInitializer()
                .addAllInitializer(filter(graph.getInitializerList(), weight -> needed.contains(weight.getName())));
        kept.clearSparseInitializer()
                .addAllSparseInitializer(filter(
                        graph.getSparseInitializerList(),
                        weight -> needed.contains(weight.getValues().getName())));
        kept.clearInput().addAllInput(filter(graph.getInputList(), input -> needed.contains(input.getName())));
        kept.clearValueInfo()
                .addAllValueInfo(filter(
                        graph.getValueInfoList(),
                        value -> needed.contains(value.getName()) && !tensors.contains(value.getName())));
        kept.clearQuantizationAnnotation()
                .addAllQuantizationAnnotation(
                        filter(graph.getQuantizationAnnotationList(), tag -> needed.contains(tag.getTensorName())));
        kept.clearOutput();
        tensors.forEach(tensor -> kept.addOutput(output(tensor)));
        return kept.build();
    }

    /** Marks everything needed to compute the tensor, from its node down. */
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
                open.addAll(OnnxGraph.reads(node));
            }
        }
    }

    /** Returns the model's declaration of the tensor; without one, ONNX Runtime infers type and shape. */
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
