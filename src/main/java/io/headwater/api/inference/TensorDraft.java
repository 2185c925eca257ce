package io.headwater.api.inference;

import io.headwater.api.http.Problem;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A tensor of a request whose parts are read in any order, and checked together. */
final class TensorDraft {
    @Nullable
    String name;

    @Nullable
    String datatype;

    @Nullable
    List<Integer> shape;

    /** Elements, before it may be known which type they have; at most one of both. */
    @Nullable
    List<byte[]> texts;

    float @Nullable [] numbers;

    /** Whether texts are bytes as they are, and not encoded as JSON has them. */
    boolean isBinary;

    /**
     * Returns the tensor.
     *
     * @param raw its elements as binary data; null when they were read already
     * @throws Problem.Raised when it is not complete, or contradicts itself
     */
    InputTensor tensor(@Nullable ByteBuffer raw) {
        if (name == null || datatype == null || shape == null || shape.isEmpty()) {
            throw Problem.malformed(
                            "an input must have a name, a datatype and a shape of at least one axis, but '%s' has not"
                                    .formatted(name))
                    .raised();
        }
        TensorType type = TensorType.of(name, datatype);
        List<byte[]> strings = texts;
        float[] floats = numbers;
        if (raw != null) {
            strings = type == TensorType.BYTES ? TensorType.texts(name, raw) : null;
            floats = type == TensorType.BYTES ? null : type.numbers(name, raw);
        }
        boolean isOfType = type == TensorType.BYTES ? strings != null : floats != null;
        if (!isOfType) {
            throw Problem.malformed("the data of tensor '%s' must be %s, because its datatype is %s"
                            .formatted(name, type == TensorType.BYTES ? "strings" : "numbers", type))
                    .raised();
        }
        requireElements(name, shape, floats != null ? floats.length : strings == null ? 0 : strings.size());
        return new InputTensor(name, shape, strings, floats, isBinary || raw != null);
    }

    private static void requireElements(String name, List<Integer> shape, int count) {
        long product = 1;
        for (int size : shape) {
            product = size != 0 && product > Integer.MAX_VALUE / size ? Integer.MAX_VALUE : product * size;
        }
        if (product != count) {
            throw Problem.malformed("tensor '%s' must have as many elements as the product of its shape %s, but has %d"
                            .formatted(name, shape, count))
                    .raised();
        }
    }
}
