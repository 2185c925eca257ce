package io.headwater.engine.top;

import io.headwater.engine.onnx.Attributes;
import io.headwater.engine.onnx.OnnxGraph;
import io.headwater.engine.onnx.Tensors;
import java.util.Arrays;
import java.util.Map;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.jspecify.annotations.Nullable;

/**
 * Frees the batch axis of nodes that reshape to a constant shape of one row, which exporters write for a model that is
 * traced with a single sample. For one row the result is the same; whether it is right for several rows, a run has to show.
 */
final class FreedRows {
    private static final String SHAPE = "/shape-of-any-rows";

    private FreedRows() {}

    /**
     * The node with a constant shape for any number of rows if it reshapes to one row, else the node itself.
     *
     * @param made receives the new shape
     */
    static NodeProto of(OnnxGraph graph, NodeProto node, Map<String, TensorProto> made) {
        if (!node.getOpType().equals("Reshape")
                || node.getInputCount() < 2
                || Attributes.integer(node, "allowzero", 0) != 0) {
            return node;
        }
        @Nullable TensorProto constant = graph.constant(node.getInput(1));
        long[] shape = constant == null ? null : Tensors.integers(constant);
        if (shape == null || shape.length < 2 || shape[0] != 1) {
            return node;
        }
        long[] free = shape.clone();
        // One size may be left to be computed; else the number of rows is that of the input.
        free[0] = Arrays.stream(shape).anyMatch(size -> size == -1) ? 0 : -1;
        String name = node.getOutput(0) + SHAPE;
        made.put(name, Tensors.integers(name, free));
        return node.toBuilder().setInput(1, name).build();
    }

    /** Whether one of the constants is a shape that was made here. */
    static boolean isAnyOf(Map<String, TensorProto> constants) {
        return constants.keySet().stream().anyMatch(name -> name.endsWith(SHAPE));
    }
}
