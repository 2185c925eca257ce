package io.headwater.engine.onnx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;

/**
 * Turns the weights that a file keeps in {@code Constant} nodes into initializers, so that they are counted, trained
 * and exported like the weights of any other file. Weights are floating-point constants with more than one number.
 */
final class ConstantWeights {
    private ConstantWeights() {}

    /**
     * The graph with its weights as initializers, whose data is {@code raw_data}. A constant that is an output of the
     * graph stays a node, as outputs are computed by nodes; so do the constants of subgraphs.
     */
    static GraphProto asInitializers(GraphProto graph) {
        Set<String> outputs = new HashSet<>();
        graph.getOutputList().stream().map(ValueInfoProto::getName).forEach(outputs::add);
        List<NodeProto> nodes = new ArrayList<>(graph.getNodeCount());
        List<TensorProto> weights = new ArrayList<>();
        for (NodeProto node : graph.getNodeList()) {
            Optional<TensorProto> weight = ConstantNodes.value(node).filter(value -> Parameters.elements(value) > 0);
            if (weight.isPresent() && !outputs.contains(node.getOutput(0))) {
                weights.add(Tensors.named(ModelReader.raw(weight.get()), node.getOutput(0)));
            } else {
                nodes.add(node);
            }
        }
        return weights.isEmpty()
                ? graph
                : graph.toBuilder()
                        .clearNode()
                        .addAllNode(nodes)
                        .addAllInitializer(weights)
                        .build();
    }
}
