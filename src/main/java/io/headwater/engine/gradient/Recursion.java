package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

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
 * Builder of a Scan node of the backward pass. Its body runs once for each index of the first axis of the sequences and
 * passes states from one run to the next. Within a run, states, elements of sequences and kept values are matrices. The
 * body may read tensors from outside.
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
     * Creates an empty scan.
     *
     * @param reversed whether the scan runs from the last index to the first
     */
    Recursion(Backward backward, boolean reversed) {
        this.backward = backward;
        this.reversed = reversed;
        this.name = backward.fresh("Scan");
        this.body = GraphProto.newBuilder().setName(name);
    }

    /** Declares a state whose initial value is {@code initial}, and returns its name within a run. */
    String state(String initial) {
        String inner = name + "/state/" + states.size();
        states.put(inner, initial);
        return inner;
    }

    /** The element of {@code sequence} that a run reads: one index of its first axis. */
    String each(String sequence) {
        String inner = name + "/each/" + sequences.size();
        sequences.put(inner, sequence);
        return inner;
    }

    /** Appends a node with one output to the body. */
    String op(String type, String... inputs) {
        return op(type, List.of(), inputs);
    }

    /** Appends a node with attributes and one output to the body. */
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

    /** Passes {@code value} to the next run as {@code state}. */
    void next(String state, String value) {
        after.put(state, value);
    }

    /** Collects the {@code value} of each run into a sequence, which becomes an output of the scan. */
    void keep(String value) {
        kept.add(value);
    }

    /**
     * Writes the Scan node and returns its outputs: the last values of the states, then the kept sequences, which have
     * the same order of steps as the sequences that are read.
     */
    List<String> write() {
        states.keySet().forEach(this::declare);
        sequences.keySet().forEach(this::declare);
        // Each output of the body must have a distinct name.
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
        // ONNX Runtime requires the number of axes, but not their sizes.
        tensor.getShapeBuilder()
                .addDim(TensorShapeProto.Dimension.getDefaultInstance())
                .addDim(TensorShapeProto.Dimension.getDefaultInstance());
        return ValueInfoProto.newBuilder()
                .setName(inner)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    /** The tensors that a node of the backward pass reads, either as inputs or from within its body. */
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
