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
 * The backward pass while it is written. Its nodes are those of operator set 17, whatever that of the forward pass is. They
 * may name any tensor of the forward pass: what is named is saved for them.
 */
final class Backward {
    /** Of the default domain. Axes of ReduceSum, Squeeze, Unsqueeze and sizes of Split are inputs here. */
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
     * An empty backward pass.
     *
     * @param values of the forward pass
     * @param wanted tensors whose gradient is asked for, or leads to one that is
     */
    Backward(Values values, Set<String> wanted) {
        this.values = values;
        this.wanted = wanted;
    }

    // What rules ask.

    /** Whether the gradient of {@code tensor} leads to one that is asked for. */
    boolean wants(String tensor) {
        return wanted.contains(tensor);
    }

    /** Whether the node has that input and its gradient is wanted. */
    boolean wants(Node node, int input) {
        return node.has(input) && wants(node.input(input));
    }

    /** The gradient of a forward tensor so far; null for zero. */
    @Nullable
    String gradientOf(String tensor) {
        return gradients.get(tensor);
    }

    /** The gradient of the node's first output, which rules of one output take to be the only one. */
    String gradient(Node node) {
        String gradient = gradients.get(node.output());
        boolean others = node.proto().getOutputList().stream().skip(1).anyMatch(gradients::containsKey);
        if (gradient == null || others) {
            throw node.refused("has a gradient at another output than its first");
        }
        return gradient;
    }

    /** The shape of a forward tensor; -1 for an axis that differs between batches. */
    long[] shape(String tensor) {
        return values.shape(tensor).clone();
    }

    /** The rank of a forward tensor. */
    int rank(String tensor) {
        return values.shape(tensor).length;
    }

    /** {@code axis} of a forward tensor counted from the front: 0 to rank - 1. */
    int axis(String tensor, long axis) {
        return (int) (axis < 0 ? axis + rank(tensor) : axis);
    }

    /** Whole numbers of a constant forward tensor; null when it is computed. */
    long @Nullable [] constantIntegers(String tensor) {
        return values.integers(tensor);
    }

    /** The number that a constant forward tensor of one element holds; null when it is computed or has more. */
    @Nullable
    Double constantReal(String tensor) {
        return values.real(tensor);
    }

    /** The element type of a forward tensor: floating point unless the graph or a rule says other. */
    int type(String tensor) {
        Integer told = types.get(tensor);
        return told == null ? values.type(tensor) : told;
    }

    // What rules write.

    /** Adds {@code gradient}, of the tensor's shape, to what is known of the tensor's gradient. */
    void add(String tensor, String gradient) {
        if (wants(tensor)) {
            String before = gradients.get(tensor);
            gradients.put(tensor, before == null ? gradient : op("Add", before, gradient));
        }
    }

    /** A name that no other tensor has. */
    String fresh(String what) {
        return "backward/" + next++ + "/" + what;
    }

    /** The type of the floating-point numbers of the forward pass, {@code TensorProto.DataType}. */
    int elementType() {
        return values.elementType();
    }

    /** A node of one output. */
    String op(String type, String... inputs) {
        return op(type, List.of(), inputs);
    }

    /** A node of one output with attributes. */
    String op(String type, List<AttributeProto> attributes, String... inputs) {
        return ops(type, 1, attributes, inputs).get(0);
    }

    /** A node of several outputs with attributes. */
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

    /** A scalar of the forward pass's floating-point type. */
    String real(double value) {
        String name = "backward/real/" + value;
        constants.computeIfAbsent(name, absent -> Tensors.real(name, values.elementType(), value));
        return name;
    }

    /** A vector of 64-bit integers. */
    String integers(long... numbers) {
        String name = "backward/integers/" + Arrays.toString(numbers);
        constants.computeIfAbsent(name, absent -> Tensors.integers(name, numbers));
        return name;
    }

    /** A 64-bit integer scalar. */
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

    /** A forward tensor of truth values, to be read. */
    String truth(String tensor) {
        types.put(tensor, DataType.BOOL_VALUE);
        return tensor;
    }

    /** A forward tensor of whole numbers as 64-bit integers. */
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

    /** A forward tensor of numbers as floating-point numbers of the forward pass's type. */
    String floating(String tensor) {
        return floating(tensor, type(tensor));
    }

    /** Numbers of type {@code from} as floating-point numbers of the forward pass's type. */
    String floating(String tensor, int from) {
        return from == values.elementType()
                ? tensor
                : op("Cast", List.of(attribute("to", (long) values.elementType())), tensor);
    }

    // What many rules need.

    /** {@code value} with the shape of the forward tensor {@code like}, which has as many elements. */
    String reshapedLike(String value, String like) {
        long[] shape = values.shape(like);
        boolean clear = Arrays.stream(shape).filter(size -> size < 0).count() <= 1
                && Arrays.stream(shape).noneMatch(size -> size == 0);
        return op("Reshape", value, clear ? integers(shape) : shapeOf(like));
    }

    /** A vector of whole numbers, of the forward pass's floating-point type. */
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

    /** Vectors of 64-bit integers one after another. */
    String vector(String... parts) {
        return parts.length == 1 ? parts[0] : op("Concat", List.of(attribute("axis", 0)), parts);
    }

    /** How many elements of a forward tensor lie along axes together, as a floating-point scalar. */
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
     * A gradient of the shape of {@code result} summed to the shape of {@code operand}, which was broadcast to it as the
     * ONNX page "Broadcasting" says: where the operand has no axis, or one of size 1.
     */
    String unbroadcast(String gradient, String operand, String result) {
        return unbroadcast(gradient, shape(operand), shape(result));
    }

    /** As {@link #unbroadcast(String, String, String)}, by shapes. */
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

    // What the differentiation asks.

    /** The nodes that {@code outputs} depend on, in order. ONNX Runtime would run the others too. */
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

    /** The constant of the backward pass by that name; null when there is none. */
    @Nullable
    TensorProto constant(String name) {
        return constants.get(name);
    }

    /** The node that the forward pass needs in addition to compute {@code name}; null when it needs none. */
    @Nullable
    NodeProto appended(String name) {
        return appended.get(name);
    }
}
