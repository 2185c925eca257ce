package io.headwater.engine.gradient;

import java.util.Map;
import onnx.Onnx.GraphProto;

/**
 * A forward pass to differentiate.
 *
 * @param graph its nodes in an order in which they can run, its constants as initializers; what is to be trained is an input
 *     of the graph
 * @param opsets version of the operator set of each domain, the default domain being ""
 * @param shapes of every tensor that a node reads or writes; -1 for an axis that differs between batches
 * @param elementType of its floating-point tensors: TensorProto.DataType FLOAT (1) or DOUBLE (11)
 */
public record Forward(GraphProto graph, Map<String, Integer> opsets, Map<String, long[]> shapes, int elementType) {
    public Forward {
        opsets = Map.copyOf(opsets);
        shapes = Map.copyOf(shapes);
    }
}
