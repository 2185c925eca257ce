package io.headwater.engine.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import onnx.Onnx.NodeProto;
import onnx.Onnx.ValueInfoProto;

/** The path of the sample through a graph: the nodes that depend on the sample and are needed for the outputs. */
final class SamplePath {
    private final OnnxGraph graph;
    private final Set<String> carriers;
    private final Set<String> outputs;
    private final BitSet way;

    /** @throws OnnxException if an input or an output does not exist, or an output does not depend on the inputs */
    SamplePath(OnnxGraph graph, Collection<String> inputs, Collection<String> outputs) {
        this.graph = graph;
        this.outputs = Set.copyOf(outputs);
        Set<String> known = graph.inputs().stream().map(ValueInfoProto::getName).collect(Collectors.toSet());
        if (inputs.isEmpty() || !known.containsAll(inputs)) {
            throw new OnnxException("the sample must be in inputs of the model, which are "
                    + known.stream().sorted().toList() + ", but is in " + List.copyOf(inputs) + "; name one of these");
        }
        carriers = new HashSet<>(inputs);
        BitSet carrying = new BitSet();
        for (int i = 0; i < graph.nodes().size(); i++) {
            NodeProto node = graph.nodes().get(i);
            if (!readsShapeOnly(node) && graph.readsAt(i).stream().anyMatch(carriers::contains)) {
                carrying.set(i);
                carriers.addAll(node.getOutputList());
            }
        }
        carriers.remove("");
        for (String output : outputs) {
            if (!carriers.contains(output) || graph.producerAt(output) < 0) {
                throw new OnnxException("output '" + output + "' must be computed from the sample in "
                        + List.copyOf(inputs) + ", but is not; name another output or input");
            }
        }
        way = needed();
        way.and(carrying);
    }

    static boolean readsShapeOnly(NodeProto node) {
        return node.getOpType().equals("Shape") || node.getOpType().equals("Size");
    }

    /** Whether the values of the tensor depend on the sample. */
    boolean carries(String tensor) {
        return carriers.contains(tensor);
    }

    /** Whether the tensor is one of the outputs to keep. */
    boolean isOutput(String tensor) {
        return outputs.contains(tensor);
    }

    /** The indices in {@link OnnxGraph#nodes()} of the nodes on the path, ascending. */
    List<Integer> way() {
        return way.stream().boxed().toList();
    }

    boolean isOnWay(int node) {
        return way.get(node);
    }

    /** The nodes that the outputs need, without those of which only the shape of the result is read. */
    private BitSet needed() {
        BitSet needed = new BitSet();
        Deque<String> open = new ArrayDeque<>(outputs);
        while (!open.isEmpty()) {
            int node = graph.producerAt(open.pop());
            if (node >= 0 && !needed.get(node)) {
                needed.set(node);
                open.addAll(needs(node));
            }
        }
        return needed;
    }

    /** The tensors whose values a node needs; a node that reads only a shape does not need the values of the sample. */
    List<String> needs(int node) {
        List<String> reads = graph.readsAt(node);
        if (!readsShapeOnly(graph.nodes().get(node))) {
            return reads;
        }
        List<String> others = new ArrayList<>(reads);
        others.removeIf(this::carries);
        return others;
    }
}
