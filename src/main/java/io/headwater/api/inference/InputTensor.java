package io.headwater.api.inference;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tensor that a caller sends.
 *
 * @param name of the input
 * @param shape sizes of its axes, outermost first; their product is the number of elements
 * @param texts its elements, if their type is BYTES; else null
 * @param numbers its elements, if they are numbers; else null
 * @param isBinary whether the elements came as binary data, and not in JSON
 */
record InputTensor(
        String name, List<Integer> shape, @Nullable List<byte[]> texts, float @Nullable [] numbers, boolean isBinary) {

    /** Returns the size of the first axis. */
    int rows() {
        return shape.get(0);
    }
}
