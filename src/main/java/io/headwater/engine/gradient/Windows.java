package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import onnx.Onnx.AttributeProto;

/**
 * How a kernel slides over the spatial axes of a tensor [batch, channels, axes...]. Each array has one number per
 * spatial axis; kernel tap t at position p reads the element {@code p * stride + t * dilation - before}.
 *
 * @param kernel number of taps
 * @param strides distance between positions
 * @param dilations distance between taps
 * @param before padding at the front
 * @param after how far the last position reaches past the end; negative if elements remain unread
 * @param sizes sizes of the tensor over which the kernel slides; -1 if a size differs between batches
 * @param positions number of positions; -1 if it differs between batches
 */
record Windows(
        long[] kernel, long[] strides, long[] dilations, long[] before, long[] after, long[] sizes, long[] positions) {

    /**
     * The windows of a convolution or pooling node.
     *
     * @param node node with the attributes strides, dilations, pads and auto_pad
     * @param kernel number of taps of each spatial axis
     * @param input shape of the tensor over which the kernel slides, with batch and channels
     * @param output shape of the result, with batch and channels
     */
    static Windows of(Node node, long[] kernel, long[] input, long[] output) {
        int axes = kernel.length;
        long[] strides = node.integers("strides").orElse(ones(axes));
        long[] dilations = node.integers("dilations").orElse(ones(axes));
        long[] sizes = Arrays.copyOfRange(input, 2, input.length);
        long[] positions = Arrays.copyOfRange(output, 2, output.length);
        long[] pads = node.integers("pads").orElse(new long[2 * axes]);
        String auto = node.text("auto_pad", "NOTSET");
        long[] before = new long[axes];
        long[] after = new long[axes];
        for (int axis = 0; axis < axes; axis++) {
            boolean known = sizes[axis] >= 0 && positions[axis] >= 0;
            if (!known && auto.startsWith("SAME")) {
                throw node.refused("pads by auto_pad " + auto + " along axis " + (axis + 2) + ", whose size varies");
            }
            long past = (positions[axis] - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1 - sizes[axis];
            before[axis] = switch (auto) {
                case "SAME_UPPER" -> Math.max(0, past) / 2;
                case "SAME_LOWER" -> (Math.max(0, past) + 1) / 2;
                case "VALID" -> 0;
                default -> pads[axis];
            };
            after[axis] = known ? past - before[axis] : auto.equals("VALID") ? 0 : pads[axis + axes];
        }
        return new Windows(kernel, strides, dilations, before, after, sizes, positions);
    }

    private static long[] ones(int axes) {
        return LongStream.generate(() -> 1).limit(axes).toArray();
    }

    int axes() {
        return kernel.length;
    }

    /** Whether all sizes are the same in every batch. */
    boolean areFixed() {
        return Arrays.stream(sizes).allMatch(size -> size >= 0)
                && Arrays.stream(positions).allMatch(size -> size >= 0);
    }

    /** The number of taps of the whole kernel. */
    long taps() {
        return Arrays.stream(kernel).reduce(1, (a, b) -> a * b);
    }

    /** The number of positions of the whole kernel. */
    long count() {
        return Arrays.stream(positions).reduce(1, (a, b) -> a * b);
    }

    boolean haveStride() {
        return Arrays.stream(strides).anyMatch(stride -> stride > 1);
    }

    /** The number of elements that the kernel spans along an axis. */
    long span(int axis) {
        return (kernel[axis] - 1) * dilations[axis] + 1;
    }

    /** Whether each position reads one element, and every element is read once, in order. */
    boolean arePointwise() {
        return taps() == 1 && !haveStride() && isZero(before) && isZero(after);
    }

    /** The padding at the front of each axis, followed by the padding at the end of each axis. */
    long[] pads() {
        long[] pads = Arrays.copyOf(before, 2 * axes());
        for (int axis = 0; axis < axes(); axis++) {
            pads[axis + axes()] = Math.max(0, after[axis]);
        }
        return pads;
    }

    /** The number of elements at the end of each axis that no position reads. */
    long[] unread() {
        return Arrays.stream(after).map(past -> Math.max(0, -past)).toArray();
    }

    /** The index of each tap along each axis; the last axis varies fastest. */
    long[][] allTaps() {
        long[][] all = new long[(int) taps()][axes()];
        for (int tap = 0; tap < all.length; tap++) {
            int rest = tap;
            for (int axis = axes() - 1; axis >= 0; axis--) {
                all[tap][axis] = rest % kernel[axis];
                rest /= (int) kernel[axis];
            }
        }
        return all;
    }

    /** The spatial axes of a tensor [batch, channels, axes...]. */
    long[] spatial() {
        return IntStream.range(2, 2 + axes()).asLongStream().toArray();
    }

    /** {@code x} without the trailing elements that no kernel position reads. */
    String crop(String x, Backward backward) {
        long[] unread = unread();
        if (Arrays.stream(unread).allMatch(count -> count == 0)) {
            return x;
        }
        long[] ends = new long[unread.length];
        for (int axis = 0; axis < ends.length; axis++) {
            ends[axis] = sizes[axis] - unread[axis];
        }
        return backward.op(
                "Slice",
                x,
                backward.integers(new long[ends.length]),
                backward.integers(ends),
                backward.integers(spatial()));
    }

    /** The attributes of a convolution of so many groups over such windows; more may be added. */
    List<AttributeProto> attributes(long groups, long[] pads) {
        return new ArrayList<>(List.of(
                attribute("strides", strides),
                attribute("dilations", dilations),
                attribute("pads", pads),
                attribute("group", groups)));
    }

    private static boolean isZero(long[] numbers) {
        return Arrays.stream(numbers).allMatch(number -> number == 0);
    }
}
