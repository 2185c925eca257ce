package io.headwater.engine.onnx;

import java.util.ArrayList;
import java.util.List;
import onnx.Onnx.TensorProto;
import org.jspecify.annotations.Nullable;

/** Determines which initializers are parameters: those with more than one floating-point number. */
final class Parameters {
    private Parameters() {}

    /** The names of the parameters that the node with this index reads. */
    static List<String> readAt(OnnxGraph graph, int node) {
        List<String> parameters = new ArrayList<>(2);
        for (String read : graph.readsAt(node)) {
            if (elements(graph, read) > 0) {
                parameters.add(read);
            }
        }
        return parameters;
    }

    /** The number of elements of a parameter; 0 for a tensor that is not a parameter. */
    static long elements(OnnxGraph graph, String name) {
        @Nullable TensorProto weight = graph.initializer(name);
        if (weight == null || !FloatingPointTensors.isFloat(weight.getDataType())) {
            return 0;
        }
        long elements = OnnxGraph.elements(weight);
        return elements > 1 ? elements : 0;
    }
}
