package io.headwater.engine.gradient;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
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
import org.nd4j.shade.protobuf.ByteString;

/**
 * Builder of a backward pass. Its nodes use operator set 17, whatever operator set the forward pass uses. They may name
 * any tensor of the forward pass; every tensor that they name is saved for the backward pass.
 */
final class Backward {
    /**
     * Version of the default operator set. In this version the axes of ReduceSum, Squeeze and Unsqueeze and the sizes
     * of Split are inputs.
     */
    static final int OPSET = 17;

    private final Values values;
    private final Set<String> wanted;
    private final List<NodeProto> nodes = new ArrayList<>();
    private final Map<String, TensorProto> constants = new LinkedHashMap<>();
    private final Map<String, NodeProto> appended = new LinkedHashMap<>();
    private final Map<String, String> gradients = new LinkedHashMap<>();
    private final Map<String, Integer> types = new HashMap<>();
    private int next;

    /**
     * Creates an empty backward pass.
     *
     * @param values shapes, types and constants of the forward pass
     * @param wanted tensors whose gradient is requested, or is needed to compute a requested one
     */
    Backward(Values values, Set<String> wanted) {
        this.values = values;
        this.wanted = wanted;
    }

    // Queries for rules.

    /** Whether the gradient of {@code tensor} is requested or is needed to compute a requested one. */
    boolean wants(String tensor) {
        return wanted.contains(tensor);
    }

    /** Whether the node has the input with this index and the gradient of this input is wanted. */
    boolean wants(Node node, int input) {
        return node.has(input) && wants(node.input(input));
    }

    /** The gradient of a forward tensor as accumulated so far; null if it is zero. */
    @Nullable
    String gradientOf(String tensor) {
        return gradients.get(tensor);
    }

    /** The gradient of the node's first output, for rules that support a gradient at this output only. */
    String gradient(Node node) {
        String gradient = gradients.get(node.output());
        boolean others = node.proto().getOutputList().stream().skip(1).anyMatch(gradients::containsKey);
        if (gradient == null || others) {
            throw node.refused("has a gradient at another output than its first");
        }
        return gradient;
    }

    /** The shape of a forward tensor, with -1 for an axis whose size differs between batches. */
    long[] shape(String tensor) {
        return values.shape(tensor).clone();
    }

    /** The rank of a forward tensor. */
    int rank(String tensor) {
        return values.shape(tensor).length;
    }

    /** Converts {@code axis} of a forward tensor, which may be negative, to an index from 0 to rank - 1. */
    int axis(String tensor, long axis) {
        return (int) (axis < 0 ? axis + rank(tensor) : axis);
    }

    /** The integers of a constant forward tensor; null if the tensor is computed. */
    long @Nullable [] constantIntegers(String tensor) {
        return values.integers(tensor);
    }

    /** The value of a constant forward tensor of one element; null if the tensor is computed or has more elements. */
    @Nullable
    Double constantReal(String tensor) {
        return values.real(tensor);
    }

    /** The element type of a forward tensor: that of the forward pass unless the graph or a rule declares another. */
    int type(String tensor) {
        Integer told = types.get(tensor);
        return told == null ? values.type(tensor) : told;
    }

    // Methods with which rules add nodes and constants.

    /** Adds {@code gradient}, which has the tensor's shape, to the gradient accumulated for the tensor. */
    void add(String tensor, String gradient) {
        if (wants(tensor)) {
            String before = gradients.get(tensor);
            gradients.put(tensor, before == null ? gradient : op("Add", before, gradient));
        }
    }

    /** A name that no other tensor of the backward pass has. */
    String fresh(String what) {
        return "backward/" + next++ + "/" + what;
    }

    /** The floating-point type of the forward pass as a {@code TensorProto.DataType}. */
    int elementType() {
        return values.elementType();
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
        constants.computeIfAbsent(name, absent -> Tensors.real(name, values.elementType(), value));
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

    /** The shape of a forward tensor as a vector of 64-bit integers, for Reshape and Expand. */
    String shapeOf(String tensor) {
        long[] shape = values.shape(tensor);
        if (Arrays.stream(shape).allMatch(size -> size >= 0)) {
            return integers(shape);
        }
        String name = "backward/shape/" + tensor;
        appended.computeIfAbsent(
                name,
                absent -> NodeProto.newBuilder()
                        .setName(name)
                        .setOpType("Shape")
                        .addInput(tensor)
                        .addOutput(name)
                        .build());
        return name;
    }

    /** Declares that a forward tensor is boolean, and returns its name. */
    String truth(String tensor) {
        types.put(tensor, DataType.BOOL_VALUE);
        return tensor;
    }

    /** A forward tensor of integers, converted to 64-bit integers. */
    String wholes(String tensor) {
        TensorProto constant = values.constant(tensor);
        if (constant != null && constant.getDataType() == DataType.INT64_VALUE) {
            return tensor;
        }
        String name = "backward/wholes/" + tensor;
        types.put(name, DataType.INT64_VALUE);
        appended.computeIfAbsent(
                name,
                absent -> NodeProto.newBuilder()
                        .setName(name)
                        .setOpType("Cast")
                        .addInput(tensor)
                        .addOutput(name)
                        .addAttribute(attribute("to", (long) DataType.INT64_VALUE))
                        .build());
        return name;
    }

    /** A forward tensor, converted to the forward pass's floating-point type. */
    String floating(String tensor) {
        return floating(tensor, type(tensor));
    }

    /** A tensor of type {@code from}, converted to the forward pass's floating-point type. */
    String floating(String tensor, int from) {
        return from == values.elementType()
                ? tensor
                : op("Cast", List.of(attribute("to", (long) values.elementType())), tensor);
    }

    // Helpers that many rules need.

    /**
     * {@code value} reshaped to the shape of the forward tensor {@code like}, which has the same number of elements.
     */
    String reshapedLike(String value, String like) {
        long[] shape = values.shape(like);
        boolean clear = Arrays.stream(shape).filter(size -> size < 0).count() <= 1
                && Arrays.stream(shape).noneMatch(size -> size == 0);
        return op("Reshape", value, clear ? integers(shape) : shapeOf(like));
    }

    /** A constant vector of integers, converted to the forward pass's floating-point type. */
    String reals(long... numbers) {
        return op("Cast", List.of(attribute("to", (long) values.elementType())), integers(numbers));
    }

    /** {@code value} times {@code factor}. */
    String scaled(String value, double factor) {
        return factor == 1 ? value : op("Mul", value, real(factor));
    }

    /** The size of one axis of a forward tensor, as a vector of one 64-bit integer. */
    String sizeOf(String tensor, int axis) {
        long size = values.shape(tensor)[axis];
        return size >= 0 ? integers(size) : op("Gather", shapeOf(tensor), integers(axis));
    }

    /** The concatenation of vectors of 64-bit integers. */
    String vector(String... parts) {
        return parts.length == 1 ? parts[0] : op("Concat", List.of(attribute("axis", 0)), parts);
    }

    /** The product of the sizes of the given axes of a forward tensor, as a floating-point scalar. */
    String count(String tensor, long... axes) {
        long[] sizes = Arrays.stream(axes)
                .map(axis -> values.shape(tensor)[(int) axis])
                .toArray();
        if (Arrays.stream(sizes).allMatch(size -> size >= 0)) {
            return real(Arrays.stream(sizes).reduce(1, (a, b) -> a * b));
        }
        String varying = op("Gather", shapeOf(tensor), integers(axes));
        String product = op("ReduceProd", List.of(attribute("keepdims", 0)), varying);
        return op("Cast", List.of(attribute("to", (long) values.elementType())), product);
    }

    /** The sum over axes. */
    String sum(String value, boolean keepAxes, long... axes) {
        return op("ReduceSum", List.of(attribute("keepdims", keepAxes ? 1 : 0)), value, integers(axes));
    }

    /**
     * Sums a gradient that has the shape of {@code result} to the shape of {@code operand}, which was broadcast to the
     * result. The sum is over axes that the operand lacks or in which it has size 1, as described on the ONNX page
     * "Broadcasting".
     */
    String unbroadcast(String gradient, String operand, String result) {
        return unbroadcast(gradient, shape(operand), shape(result));
    }

    /** As {@link #unbroadcast(String, String, String)}, given the shapes. */
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

    static AttributeProto attribute(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    static AttributeProto attribute(String name, long[] values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        Arrays.stream(values).forEach(attribute::addInts);
        return attribute.build();
    }

    static AttributeProto attribute(String name, float value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF(value)
                .build();
    }

    static AttributeProto attribute(String name, String value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value))
                .build();
    }

    // Queries for {@link Differentiation}.

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

    /** The node that must be added to the forward pass to compute {@code name}; null if none is needed. */
    @Nullable
    NodeProto appended(String name) {
        return appended.get(name);
    }
}
