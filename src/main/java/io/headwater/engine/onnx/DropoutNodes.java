package io.headwater.engine.onnx;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;

/**
 * Switches off the training mode of {@code Dropout}, in which a model that was exported for training drops random
 * values of every sample. Operator sets before 12 have no such mode.
 */
final class DropoutNodes {
    private static final int MODE = 2;

    private DropoutNodes() {}

    /**
     * The graph with every {@code Dropout} in inference mode whose mode is a constant or an input of the model. A mode
     * that is computed by nodes is kept; {@link Reproducible} refuses it.
     */
    static GraphProto inInference(GraphProto graph) {
        Set<String> given = new HashSet<>();
        graph.getInputList().stream().map(ValueInfoProto::getName).forEach(given::add);
        return inInference(graph, given);
    }

    private static GraphProto inInference(GraphProto graph, Set<String> outer) {
        Set<String> given = new HashSet<>(outer);
        graph.getInitializerList().stream().map(TensorProto::getName).forEach(given::add);
        graph.getNodeList().stream()
                .filter(node -> node.getOpType().equals("Constant"))
                .forEach(node -> given.addAll(node.getOutputList()));
        Map<Integer, NodeProto> changed = new HashMap<>();
        for (int i = 0; i < graph.getNodeCount(); i++) {
            NodeProto node = graph.getNode(i);
            NodeProto after =
                    withoutMode(Subgraphs.mapped(node, inner -> inInference(inner, seenBy(inner, given))), given);
            if (after != node) {
                changed.put(i, after);
            }
        }
        if (changed.isEmpty()) {
            return graph;
        }
        GraphProto.Builder builder = graph.toBuilder();
        changed.forEach(builder::setNode);
        return builder.build();
    }

    /** What a subgraph sees of {@code given}: everything that none of its own inputs hides. */
    private static Set<String> seenBy(GraphProto inner, Set<String> given) {
        Set<String> seen = new HashSet<>(given);
        inner.getInputList().forEach(input -> seen.remove(input.getName()));
        return seen;
    }

    private static NodeProto withoutMode(NodeProto node, Set<String> given) {
        if (!has(node) || !given.contains(node.getInput(MODE))) {
            return node;
        }
        return node.toBuilder()
                .clearInput()
                .addAllInput(node.getInputList().subList(0, MODE))
                .build();
    }

    /** Whether a node is a {@code Dropout} that reads its mode. */
    static boolean has(NodeProto node) {
        return node.getOpType().equals("Dropout")
                && GraphScope.isStandard(node)
                && node.getInputCount() > MODE
                && !node.getInput(MODE).isEmpty();
    }
}
