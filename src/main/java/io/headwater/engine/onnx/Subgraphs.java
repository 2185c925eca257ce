package io.headwater.engine.onnx;

import java.util.ArrayList;
import java.util.List;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;

/** The subgraphs of nodes: branches of {@code If}, bodies of {@code Loop} and {@code Scan}. */
final class Subgraphs {
    private Subgraphs() {}

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
