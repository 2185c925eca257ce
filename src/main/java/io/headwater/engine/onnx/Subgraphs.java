package io.headwater.engine.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.ValueInfoProto;

/** The subgraphs of nodes: branches of {@code If}, bodies of {@code Loop} and {@code Scan}. */
final class Subgraphs {
    private Subgraphs() {}

    /** As {@link OnnxGraph#reading}. */
    static NodeProto reading(NodeProto node, Map<String, String> names) {
        NodeProto.Builder copy = node.toBuilder().clearInput();
        node.getInputList().forEach(input -> copy.addInput(names.getOrDefault(input, input)));
        return mapped(copy.build(), inner -> reading(inner, names));
    }

    private static GraphProto reading(GraphProto graph, Map<String, String> names) {
        Map<String, String> outer = new HashMap<>(names);
        outer.keySet().removeAll(GraphScope.defined(graph));
        if (outer.isEmpty()) {
            return graph;
        }
        GraphProto.Builder copy = graph.toBuilder().clearNode();
        graph.getNodeList().forEach(node -> copy.addNode(reading(node, outer)));
        for (ValueInfoProto.Builder output : copy.getOutputBuilderList()) {
            output.setName(outer.getOrDefault(output.getName(), output.getName()));
        }
        return copy.build();
    }

    /** The node with each of its subgraphs replaced. */
    static NodeProto mapped(NodeProto node, UnaryOperator<GraphProto> change) {
        if (of(node).isEmpty()) {
            return node;
        }
        NodeProto.Builder copy = node.toBuilder();
        for (AttributeProto.Builder attribute : copy.getAttributeBuilderList()) {
            if (attribute.hasG()) {
                attribute.setG(change.apply(attribute.getG()));
            }
            for (int i = 0; i < attribute.getGraphsCount(); i++) {
                attribute.setGraphs(i, change.apply(attribute.getGraphs(i)));
            }
        }
        return copy.build();
    }

    static List<GraphProto> of(NodeProto node) {
        List<GraphProto> inner = new ArrayList<>(0);
        for (AttributeProto attribute : node.getAttributeList()) {
            inner.addAll(attribute.getGraphsList());
            if (attribute.hasG()) {
                inner.add(attribute.getG());
            }
        }
        return inner;
    }
}
