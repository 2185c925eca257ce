package io.headwater.engine.gradient;

import static io.headwater.engine.gradient.Backward.attribute;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;

/**
 * A Scan of the backward pass while it is written: a graph that runs once for each index of the first axis of sequences, and
 * hands states from one run to the next. In a run, states and what is read and kept are matrices. It may read tensors from
 * outside.
 */
final class Recursion {
    private final Backward backward;
    private final boolean reversed;
    private final String name;
    private final GraphProto.Builder body;
    private final Map<String, String> states = new LinkedHashMap<>();
    private final Map<String, String> sequences = new LinkedHashMap<>();
    private final Map<String, String> after = new LinkedHashMap<>();
    private final List<String> kept = new ArrayList<>();

    /**
     * An empty one.
     *
     * @param reversed whether the last index comes first
     */
    Recursion(Backward backward, boolean reversed) {
        this.backward = backward;
        this.reversed = reversed;
        this.name = backward.fresh("Scan");
        this.body = GraphProto.newBuilder().setName(name);
    }

    /** What a run is handed of a state whose first value is {@code initial}. */
    String state(String initial) {
        String inner = name + "/state/" + states.size();
        states.put(inner, initial);
        return inner;
    }

    /** What a run reads of {@code sequence}: one index of its first axis. */
    String each(String sequence) {
        String inner = name + "/each/" + sequences.size();
        sequences.put(inner, sequence);
        return inner;
    }

    /** A node of a run, of one output. */
    String op(String type, String... inputs) {
        return op(type, List.of(), inputs);
    }

    /** A node of a run, of one output, with attributes. */
    String op(String type, List<AttributeProto> attributes, String... inputs) {
        String output = name + "/" + body.getNodeCount() + "/" + type;
        body.addNode(NodeProto.newBuilder()
                .setName(output)
                .setOpType(type)
                .addAllInput(List.of(inputs))
                .addOutput(output)
                .addAllAttribute(attributes));
        return output;
    }

    /** Hands {@code value} to the next run as {@code state}. */
    void next(String state, String value) {
        after.put(state, value);
    }

    /** Keeps {@code value} of each run. */
    void keep(String value) {
        kept.add(value);
    }

    /** The last values of the states, then what was kept, each a sequence in the order of those that are read. */
    List<String> write() {
        states.keySet().forEach(this::declare);
        sequences.keySet().forEach(this::declare);
        // An output of a run must have a name of its own.
        states.keySet().forEach(state -> body.addOutput(typed(op("Identity", after.getOrDefault(state, state)))));
        kept.forEach(value -> body.addOutput(typed(op("Identity", value))));
        List<String> inputs = new ArrayList<>(states.values());
        inputs.addAll(sequences.values());
        AttributeProto graph = AttributeProto.newBuilder()
                .setName("body")
                .setType(AttributeProto.AttributeType.GRAPH)
                .setG(body)
                .build();
        List<AttributeProto> attributes = List.of(
                graph,
                attribute("num_scan_inputs", sequences.size()),
                attribute("scan_input_directions", directions(sequences.size())),
                attribute("scan_output_directions", directions(kept.size())));
        return backward.ops("Scan", states.size() + kept.size(), attributes, inputs.toArray(String[]::new));
    }

    private long[] directions(int count) {
        return Collections.nCopies(count, reversed ? 1L : 0L).stream()
                .mapToLong(Long::longValue)
                .toArray();
    }

    private void declare(String inner) {
        body.addInput(typed(inner));
    }

    private ValueInfoProto typed(String inner) {
        TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(backward.elementType());
        // ONNX Runtime wants to know how many axes there are, of whatever sizes.
        tensor.getShapeBuilder()
                .addDim(TensorShapeProto.Dimension.getDefaultInstance())
                .addDim(TensorShapeProto.Dimension.getDefaultInstance());
        return ValueInfoProto.newBuilder()
                .setName(inner)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    /** What a node of the backward pass reads, by itself or from inside its graph. */
    static Set<String> reads(NodeProto node) {
        Set<String> all = new LinkedHashSet<>(node.getInputList());
        for (AttributeProto attribute : node.getAttributeList()) {
            if (attribute.hasG()) {
                all.addAll(outside(attribute.getG()));
            }
        }
        return all;
    }

    private static Set<String> outside(GraphProto inner) {
        Set<String> read = new LinkedHashSet<>();
        Set<String> own = new HashSet<>();
        inner.getInputList().forEach(input -> own.add(input.getName()));
        inner.getNodeList().forEach(node -> {
            read.addAll(reads(node));
            own.addAll(node.getOutputList());
        });
        read.removeAll(own);
        return read;
    }
}
