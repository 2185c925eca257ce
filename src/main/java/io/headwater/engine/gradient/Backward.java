package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import org.jspecify.annotations.Nullable;

/**
 * Builder of a backward pass. Its nodes use operator set 17, whatever operator set the forward pass uses. They may name
 * any tensor of the forward pass; every tensor that they name is saved for the backward pass.
 */
final class Backward extends BackwardNodes {
    /**
     * Version of the default operator set. In this version the axes of ReduceSum, Squeeze and Unsqueeze and the sizes
     * of Split are inputs.
     */
    static final int OPSET = 17;

    private final Values values;
    private final Set<String> wanted;
    private final Map<String, NodeProto> appended = new LinkedHashMap<>();
    private final Map<String, String> gradients = new LinkedHashMap<>();
    private final Map<String, Integer> types = new HashMap<>();

    /**
     * Creates an empty backward pass.
     *
     * @param values shapes, types and constants of the forward pass
     * @param wanted tensors whose gradient is requested, or is needed to compute a requested one
     */
    Backward(Values values, Set<String> wanted) {
        super(values.elementType());
        this.values = values;
        this.wanted = wanted;
    }

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

    /** The floating-point numbers of a constant forward tensor; null if the tensor is computed. */
    double @Nullable [] constantReals(String tensor) {
        return values.reals(tensor);
    }

    /** The element type of a forward tensor: that of the forward pass unless the graph or a rule declares another. */
    int type(String tensor) {
        Integer told = types.get(tensor);
        return told == null ? values.type(tensor) : told;
    }

    /** Adds {@code gradient}, which has the tensor's shape, to the gradient accumulated for the tensor. */
    void add(String tensor, String gradient) {
        if (wants(tensor)) {
            String before = gradients.get(tensor);
            gradients.put(tensor, before == null ? gradient : op("Add", before, gradient));
        }
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

    /**
     * {@code value} reshaped to the shape of the forward tensor {@code like}, which has the same number of elements.
     */
    String reshapedLike(String value, String like) {
        long[] shape = values.shape(like);
        boolean clear = Arrays.stream(shape).filter(size -> size < 0).count() <= 1
                && Arrays.stream(shape).noneMatch(size -> size == 0);
        return op("Reshape", value, clear ? integers(shape) : shapeOf(like));
    }

    /** The size of one axis of a forward tensor, as a vector of one 64-bit integer. */
    String sizeOf(String tensor, int axis) {
        long size = values.shape(tensor)[axis];
        return size >= 0 ? integers(size) : op("Gather", shapeOf(tensor), integers(axis));
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
        return floating(product, DataType.INT64_VALUE);
    }

    /** As {@link #unbroadcast(String, long[], long[])}, given the names of forward tensors. */
    String unbroadcast(String gradient, String operand, String result) {
        return unbroadcast(gradient, shape(operand), shape(result));
    }

    /** The node that must be added to the forward pass to compute {@code name}; null if none is needed. */
    @Nullable
    NodeProto appended(String name) {
        return appended.get(name);
    }
}
