package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.List;
import onnx.Onnx.AttributeProto;

/**
 * Gradients of operators that copy elements, computed from the source position of each copy. ScatterElements adds one
 * element after another. ScatterND must not be used instead: ONNX Runtime runs it on several threads, which lose
 * additions if indices repeat (microsoft/onnxruntime issue 23396).
 */
final class Scatter {
    private Scatter() {}

    /** The index of each element of a forward tensor, counted from 0 in memory order, in the tensor's shape. */
    static String positions(String tensor, Backward backward) {
        String last = backward.op("Reshape", size(tensor, backward), backward.integers());
        String range = backward.op("Range", backward.integer(0), last, backward.integer(1));
        return backward.reshapedLike(range, tensor);
    }

    /** Adds each element of {@code gradient} to the gradient of the element of {@code tensor} at {@code positions}. */
    static void add(String tensor, String positions, String gradient, Backward backward) {
        String flat = backward.integers(-1);
        String zeros = backward.op("Expand", backward.real(0), size(tensor, backward));
        String sums = onAxis(
                0, zeros, backward.op("Reshape", positions, flat), backward.op("Reshape", gradient, flat), backward);
        backward.add(tensor, backward.reshapedLike(sums, tensor));
    }

    /** {@code zeros} to which {@code gradient} is added at {@code indices} along an axis. */
    static String onAxis(long axis, String zeros, String indices, String gradient, Backward backward) {
        List<AttributeProto> attributes = List.of(attribute("axis", axis), attribute("reduction", "add"));
        return backward.op("ScatterElements", attributes, zeros, indices, gradient);
    }

    /** The number of elements of a forward tensor, as a vector of one number. */
    private static String size(String tensor, Backward backward) {
        return backward.op("ReduceProd", List.of(attribute("keepdims", 1)), backward.shapeOf(tensor));
    }
}
