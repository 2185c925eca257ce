package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import io.headwater.engine.onnx.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import org.jspecify.annotations.Nullable;

/** The nodes of a backward pass and the constants that they read. Their names are unique. */
abstract sealed class BackwardNodes permits Backward {
    private final int elementType;
    private final List<NodeProto> nodes = new ArrayList<>();
    private final Map<String, TensorProto> constants = new LinkedHashMap<>();
    private int next;

    /**
     * Creates an empty list of nodes.
     *
     * @param elementType the floating-point type of the forward pass as a {@code TensorProto.DataType}
     */
    BackwardNodes(int elementType) {
        this.elementType = elementType;
    }

    /** A name that no other tensor of the backward pass has. */
    String fresh(String what) {
        return "backward/" + next++ + "/" + what;
    }

    /** The floating-point type of the forward pass as a {@code TensorProto.DataType}. */
    int elementType() {
        return elementType;
    }

    /** Appends a node with one output and returns the name of the output. */
    String op(String type, String... inputs) {
        return op(type, List.of(), inputs);
    }

    /** Appends a node with attributes and one output, and returns the name of the output. */
    String op(String type, List<AttributeProto> attributes, String... inputs) {
        return ops(type, 1, attributes, inputs).get(0);
    }

    /** Appends a node with attributes and several outputs, and returns the names of the outputs. */
    List<String> ops(String type, int outputs, List<AttributeProto> attributes, String... inputs) {
        List<String> names = new ArrayList<>(outputs);
        int id = next++;
        for (int i = 0; i < outputs; i++) {
            names.add("backward/" + id + "/" + type + (i == 0 ? "" : "/" + i));
        }
        nodes.add(NodeProto.newBuilder()
                .setName("backward/" + id)
                .setOpType(type)
                .addAllInput(Arrays.asList(inputs))
                .addAllOutput(names)
                .addAllAttribute(attributes)
                .build());
        return names;
    }

    /** A constant scalar of the forward pass's floating-point type. */
    String real(double value) {
        String name = "backward/real/" + value;
        constants.computeIfAbsent(name, absent -> Tensors.real(name, elementType, value));
        return name;
    }

    /** A constant vector of 64-bit integers. */
    String integers(long... numbers) {
        String name = "backward/integers/" + Arrays.toString(numbers);
        constants.computeIfAbsent(name, absent -> Tensors.integers(name, numbers));
        return name;
    }

    /** A constant scalar that is a 64-bit integer. */
    String integer(long number) {
        String name = "backward/integer/" + number;
        constants.computeIfAbsent(name, absent -> Tensors.integer(name, number));
        return name;
    }

    /** A constant vector of integers, converted to the forward pass's floating-point type. */
    String reals(long... numbers) {
        return floating(integers(numbers), DataType.INT64_VALUE);
    }

    /** {@code value} times {@code factor}. */
    String scaled(String value, double factor) {
        return factor == 1 ? value : op("Mul", value, real(factor));
    }

    /** The concatenation of vectors of 64-bit integers. */
    String vector(String... parts) {
        return parts.length == 1 ? parts[0] : op("Concat", List.of(attribute("axis", 0)), parts);
    }

    /** The sum over axes. */
    String sum(String value, boolean keepAxes, long... axes) {
        return op("ReduceSum", List.of(attribute("keepdims", keepAxes ? 1 : 0)), value, integers(axes));
    }

    /**
     * Sums a gradient that has the shape {@code result} to the shape {@code operand}, which was broadcast to the result.
     * The sum is over axes that the operand lacks or in which it has size 1, as described on the ONNX page
     * "Broadcasting".
     */
    String unbroadcast(String gradient, long[] operand, long[] result) {
        int missing = result.length - operand.length;
        long[] stretched = IntStream.range(0, operand.length)
                .filter(axis -> operand[axis] == 1 && result[axis + missing] != 1)
                .mapToLong(axis -> axis + missing)
                .toArray();
        String summed = stretched.length == 0 ? gradient : sum(gradient, true, stretched);
        long[] leading = LongStream.range(0, missing).toArray();
        return missing == 0 ? summed : sum(summed, false, leading);
    }

    /** A transposition. */
    String transpose(String value, long... permutation) {
        return op("Transpose", List.of(attribute("perm", permutation)), value);
    }

    /** A tensor of type {@code from}, converted to the forward pass's floating-point type. */
    String floating(String tensor, int from) {
        return from == elementType ? tensor : op("Cast", List.of(attribute("to", (long) elementType)), tensor);
    }

    /** The nodes that {@code outputs} depend on, in order. ONNX Runtime would otherwise run the other nodes too. */
    List<NodeProto> live(Collection<String> outputs) {
        Set<String> needed = new HashSet<>(outputs);
        List<NodeProto> live = new ArrayList<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            NodeProto node = nodes.get(i);
            if (node.getOutputList().stream().anyMatch(needed::contains)) {
                needed.addAll(Recursion.reads(node));
                live.add(node);
            }
        }
        Collections.reverse(live);
        return live;
    }

    /** The constant of the backward pass with this name; null if there is none. */
    @Nullable
    TensorProto constant(String name) {
        return constants.get(name);
    }
}
