package io.headwater.engine.inspect;

import io.headwater.engine.onnx.OnnxGraph;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import onnx.Onnx.NodeProto;

/**
 * The inputs that hold nothing but the states from which recurrent layers go on, whatever their names are.
 *
 * @param graph the graph of the model
 */
record CarriedStates(OnnxGraph graph) {
    private static final Set<String> RECURRENT = Set.of("LSTM", "GRU", "RNN");

    /** The first of the inputs of a recurrent operator that are states: of its outputs, and of its cells. */
    private static final int FIRST_STATE = 5;

    /** Operators that take states apart or give them another form. */
    private static final Set<String> FORMS = Set.of(
            "Cast", "Concat", "Gather", "Identity", "Reshape", "Slice", "Split", "Squeeze", "Transpose", "Unsqueeze");

    /** Whether recurrent layers begin with what is in {@code input}, and nothing else reads it. */
    boolean contains(String input) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(input));
        boolean read = false;
        while (!open.isEmpty()) {
            String tensor = open.pop();
            if (!seen.add(tensor)) {
                continue;
            }
            if (graph.outputs().contains(tensor)) {
                return false;
            }
            for (int consumer : graph.consumersAt(tensor)) {
                NodeProto node = graph.nodes().get(consumer);
                if (RECURRENT.contains(node.getOpType()) && node.getInputList().indexOf(tensor) >= FIRST_STATE) {
                    read = true;
                } else if (FORMS.contains(node.getOpType())) {
                    open.addAll(node.getOutputList());
                } else {
                    return false;
                }
            }
        }
        return read;
    }
}
