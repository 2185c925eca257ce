package io.headwater.engine.top;

import io.headwater.engine.onnx.Attributes;
import io.headwater.engine.onnx.OnnxGraph;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;
import org.jspecify.annotations.Nullable;

/**
 * Finds parameters that are used in the subgraphs of nodes: in branches of {@code If} and bodies of {@code Loop} and
 * {@code Scan}, whether they are read from outside, passed in as inputs, or held by the subgraph. They have no gradient.
 */
final class SubgraphParameters {
    private SubgraphParameters() {}

    /** The name of the first parameter that a subgraph of {@code node} uses. */
    static Optional<String> first(OnnxGraph graph, NodeProto node) {
        Map<String, TensorProto> outer = new HashMap<>();
        for (String read : OnnxGraph.reads(node)) {
            TensorProto constant = source(graph, read);
            if (constant != null && ParameterRoles.isParameter(constant)) {
                outer.put(read, constant);
            }
        }
        return within(node, outer);
    }

    /** The initializer that a tensor is, in this or another form; null if it is none. */
    private static @Nullable TensorProto source(OnnxGraph graph, String tensor) {
        NodeProto node = graph.producer(tensor);
        return node != null && ParameterRoles.isForm(node, 0)
                ? source(graph, node.getInput(0))
                : graph.initializer(tensor);
    }

    private static Optional<String> within(NodeProto node, Map<String, TensorProto> outer) {
        for (AttributeProto attribute : node.getAttributeList()) {
            List<GraphProto> bodies = attribute.hasG() ? List.of(attribute.getG()) : attribute.getGraphsList();
            for (GraphProto body : bodies) {
                Optional<String> found = within(body, passed(node, body, outer));
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** The parameters that a body sees. Its inputs are the last inputs of the node, in the same order. */
    private static Map<String, TensorProto> passed(NodeProto node, GraphProto body, Map<String, TensorProto> outer) {
        Map<String, TensorProto> seen = new HashMap<>(outer);
        int offset = node.getInputCount() - body.getInputCount();
        for (int i = 0; i < body.getInputCount(); i++) {
            String inner = body.getInput(i).getName();
            seen.remove(inner);
            TensorProto parameter = offset + i < 0 ? null : outer.get(node.getInput(offset + i));
            if (parameter != null) {
                seen.put(inner, parameter);
            }
        }
        body.getInitializerList().forEach(tensor -> add(tensor.getName(), tensor, seen));
        return seen;
    }

    private static Optional<String> within(GraphProto body, Map<String, TensorProto> seen) {
        for (NodeProto node : body.getNodeList()) {
            if (node.getOpType().equals("Constant")) {
                Attributes.find(node, "value")
                        .map(AttributeProto::getT)
                        .ifPresent(tensor -> add(node.getOutput(0), tensor, seen));
            }
            for (int i = 0; i < node.getInputCount(); i++) {
                TensorProto parameter = seen.get(node.getInput(i));
                if (parameter == null) {
                    continue;
                }
                if (ParameterRoles.isForm(node, i)) {
                    seen.put(node.getOutput(0), parameter);
                    continue;
                }
                ParameterRole role = ParameterRoles.role(node, i);
                if (role != null && !ParameterRoles.isMask(parameter, role)) {
                    return Optional.of(node.getInput(i));
                }
            }
            Optional<String> deeper = within(node, seen);
            if (deeper.isPresent()) {
                return deeper;
            }
        }
        // A branch may choose between weights that a node outside uses.
        return body.getOutputList().stream()
                .map(ValueInfoProto::getName)
                .filter(seen::containsKey)
                .findFirst();
    }

    private static void add(String name, TensorProto tensor, Map<String, TensorProto> seen) {
        if (ParameterRoles.isParameter(tensor)) {
            seen.put(name, tensor);
        }
    }
}
