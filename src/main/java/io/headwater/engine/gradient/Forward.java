package io.headwater.engine.gradient;

import java.util.Map;
import onnx.Onnx.GraphProto;

/**
 * A forward pass to differentiate.
 *
 * @param graph the graph, with nodes in an order in which they can run, constants as initializers, and the parameters
 *     to train as inputs
 * @param opsets version of the operator set by domain, where "" is the default domain
 * @param shapes the shape of every tensor that a node reads or writes, with -1 for an axis whose size differs between
 *     batches
 * @param elementType type of the floating-point tensors: TensorProto.DataType FLOAT (1) or DOUBLE (11)
 */
public record Forward(GraphProto graph, Map<String, Integer> opsets, Map<String, long[]> shapes, int elementType) {
    public Forward {
        opsets = Map.copyOf(opsets);
        shapes = Map.copyOf(shapes);
    }
}
