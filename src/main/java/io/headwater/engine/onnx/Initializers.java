package io.headwater.engine.onnx;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.GraphProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;

/** The initializers of a graph by name, and the inputs that are not initializers. */
final class Initializers {
    private Initializers() {}

    static Map<String, TensorProto> of(GraphProto graph) {
        Map<String, TensorProto> initializers = new LinkedHashMap<>();
        for (TensorProto tensor : graph.getInitializerList()) {
            if (tensor.getName().isEmpty()) {
                throw new OnnxException("initializers must have names, but one has none; export the model again");
            }
            if (initializers.put(tensor.getName(), tensor) != null) {
                throw new OnnxException("names of initializers must be unique, but '" + tensor.getName()
                        + "' is there twice; export the model again");
            }
        }
        return initializers;
    }

    /** The inputs without those that have an initializer. */
    static List<ValueInfoProto> inputs(GraphProto graph, Set<String> initializers) {
        return graph.getInputList().stream()
                .filter(input -> !initializers.contains(input.getName()))
                .toList();
    }
}
