package io.headwater.engine.top;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;

/** Writes nodes one after another, and the constants that they read. A node is named after its one output. */
public final class NodeWriter {
    private final List<NodeProto> nodes = new ArrayList<>();
    private final Map<String, TensorProto> constants = new LinkedHashMap<>();

    /** What was written, in this order. */
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

    /** Adds a vector of whole numbers; returns its name. */
    public String integers(String name, long... values) {
        return put(Protos.integers(name, values));
    }

    /** Adds a whole number; returns its name. */
    public String integer(String name, long value) {
        return put(Protos.integer(name, value));
    }

    /** Adds numbers in single precision, row-major; returns their name. */
    public String reals(String name, float[] values, long... shape) {
        return put(Protos.floats(name, values, shape));
    }

    private String put(TensorProto constant) {
        constants.put(constant.getName(), constant);
        return constant.getName();
    }
}
