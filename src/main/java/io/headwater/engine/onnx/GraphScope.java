package io.headwater.engine.onnx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.SparseTensorProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;

/**
 * The names that a graph defines and that its nodes read; a subgraph of a node also sees the names of the enclosing
 * graphs.
 */
final class GraphScope {
    private GraphScope() {}

    /**
     * Checks the names of {@code graph} and returns the tensors that each node reads.
     *
     * @throws OnnxException if a name is defined twice, or read but not defined
     */
    static List<Set<String>> check(GraphProto graph) {
        Set<String> known = names(graph);
        List<Set<String>> reads = new ArrayList<>(graph.getNodeCount());
        for (NodeProto node : graph.getNodeList()) {
            Set<String> all = reads(node);
            for (String read : all) {
                if (!known.contains(read)) {
                    throw unknown("node '" + name(node) + "' reads", read);
                }
            }
            reads.add(all);
        }
        requireOutputs(graph, known);
        return reads;
    }

    /** The tensors that a node reads, directly or from its subgraphs, without empty names. */
    static Set<String> reads(NodeProto node) {
        Set<String> all = new LinkedHashSet<>(node.getInputList());
        Subgraphs.of(node).forEach(inner -> all.addAll(outside(inner)));
        all.remove("");
        return all;
    }

    /** The tensors that a subgraph of a node reads from the enclosing graphs. */
    private static Set<String> outside(GraphProto inner) {
        Set<String> known = names(inner);
        Set<String> read = new LinkedHashSet<>();
        inner.getNodeList().forEach(node -> read.addAll(reads(node)));
        inner.getOutputList().forEach(output -> read.add(output.getName()));
        read.removeAll(known);
        read.remove("");
        return read;
    }

    private static void requireOutputs(GraphProto graph, Set<String> known) {
        for (ValueInfoProto output : graph.getOutputList()) {
            if (!known.contains(output.getName())) {
                throw unknown("the model gives", output.getName());
            }
        }
    }

    /** The names that a graph defines itself, without those of the enclosing graphs. */
    static Set<String> defined(GraphProto graph) {
        return names(graph);
    }

    private static Set<String> names(GraphProto graph) {
        Set<String> inputs = new HashSet<>();
        graph.getInputList().forEach(input -> once(inputs, input.getName()));
        Set<String> known = new HashSet<>();
        for (TensorProto tensor : graph.getInitializerList()) {
            once(known, tensor.getName());
        }
        for (SparseTensorProto tensor : graph.getSparseInitializerList()) {
            once(known, tensor.getValues().getName());
        }
        // Old models list initializers among the inputs.
        known.addAll(inputs);
        for (NodeProto node : graph.getNodeList()) {
            for (String output : node.getOutputList()) {
                if (!output.isEmpty()) {
                    once(known, output);
                }
            }
        }
        return known;
    }

    private static void once(Set<String> names, String name) {
        if (!names.add(name)) {
            throw new OnnxException(
                    "names of tensors must be unique, but '" + name + "' is there twice; export the model again");
        }
    }

    private static OnnxException unknown(String who, String name) {
        return new OnnxException(who + " a tensor that must be an input, an initializer or computed by a node, but '"
                + name + "' is none of these; export the model again");
    }

    /** Whether the operator of a node is of the standard domain. */
    static boolean isStandard(NodeProto node) {
        return node.getDomain().isEmpty() || node.getDomain().equals("ai.onnx");
    }

    static String name(NodeProto node) {
        String name = node.getName().isEmpty() && node.getOutputCount() > 0 ? node.getOutput(0) : node.getName();
        return node.getOpType() + " " + name;
    }
}
