package io.headwater.engine.top;

import io.headwater.engine.onnx.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;

/** Collects nodes in order and the constants that they read. Each node has one output and is named after it. */
public final class NodeWriter {
    private final List<NodeProto> nodes = new ArrayList<>();
    private final Map<String, TensorProto> constants = new LinkedHashMap<>();

    /** The nodes in the order in which they were written. */
    public List<NodeProto> nodes() {
        return nodes;
    }

    /** The constants by name; more may be put there. */
    public Map<String, TensorProto> constants() {
        return constants;
    }

    /** Adds a node without attributes; returns its output. */
    public String node(String type, String output, String... inputs) {
        return node(type, output, List.of(), inputs);
    }

    /** Adds a node; returns its output. */
    public String node(String type, String output, List<AttributeProto> attributes, String... inputs) {
        nodes.add(NodeProto.newBuilder()
                .setOpType(type)
                .setName(output)
                .addAllInput(Arrays.asList(inputs))
                .addOutput(output)
                .addAllAttribute(attributes)
                .build());
        return output;
    }

    /** Adds a constant vector of integers; returns its name. */
    public String integers(String name, long... values) {
        return put(Tensors.integers(name, values));
    }

    /** Adds a constant integer scalar; returns its name. */
    public String integer(String name, long value) {
        return put(Tensors.integer(name, value));
    }

    /** Adds a constant in single precision, with values in row-major order; returns its name. */
    public String reals(String name, float[] values, long... shape) {
        return put(Tensors.floats(name, values, shape));
    }

    private String put(TensorProto constant) {
        constants.put(constant.getName(), constant);
        return constant.getName();
    }
}
