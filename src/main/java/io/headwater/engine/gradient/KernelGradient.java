package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import onnx.Onnx.AttributeProto;

/** The gradient of a convolution with respect to its weights. */
final class KernelGradient {
    private KernelGradient() {}

    /**
     * The gradient with respect to the weights [groups * m, c, kernel] of a convolution of {@code x} [batch, groups *
     * c, sizes] whose result [batch, groups * m, positions] has the gradient {@code gradient}.
     */
    static String of(Windows windows, long groups, String x, String gradient, String weights, Backward backward) {
        long[] shape = backward.shape(weights);
        return gathersColumns(windows, groups, shape)
                ? columns(windows, groups, x, gradient, shape, backward)
                : exchanged(windows, groups, x, gradient, shape, backward);
    }

    /**
     * Whether to gather the elements that each kernel tap reads and multiply them by the gradient, instead of a
     * convolution in which channels and batch are exchanged. Gathering took 0.1 to 0.2 of the time of the convolution
     * for kernels of one tap, 0.4 to 0.6 for 3x3, and 0.8 for 3x3 with stride 2 over 64 channels; but 1.2 to 1.7 with
     * stride over few channels or in groups.
     */
    private static boolean gathersColumns(Windows windows, long groups, long[] weights) {
        boolean strided = windows.haveStride() && windows.taps() > 1;
        return windows.areFixed() && (!strided || groups == 1 && weights[1] >= 16);
    }

    /**
     * Multiplies the gradient by the gathered elements, either in one product over the whole batch or in one product
     * per image, whose results are summed. The latter avoids transposing both operands; it took 0.8 of the former's
     * time with few weights and 1.3 with many.
     */
    private static String columns(
            Windows windows, long groups, String x, String gradient, long[] weights, Backward backward) {
        long m = weights[0] / groups;
        long c = weights[1];
        boolean apart = windows.taps() * weights[0] * c < windows.count() * (weights[0] + groups * c);
        long[] exchange = exchange(weights.length, 0, 1);
        String padded = windows.crop(apart ? x : backward.transpose(x, exchange), backward);
        if (Arrays.stream(windows.pads()).anyMatch(pad -> pad > 0)) {
            long[] pads = new long[2 * weights.length];
            System.arraycopy(windows.pads(), 0, pads, 2, windows.axes());
            System.arraycopy(windows.pads(), windows.axes(), pads, weights.length + 2, windows.axes());
            padded = backward.op("Pad", padded, backward.integers(pads));
        }
        long first = apart ? -1 : 1;
        long last = apart ? windows.count() : -1;
        List<String> taps = new ArrayList<>();
        for (long[] tap : windows.allTaps()) {
            String read = windows.arePointwise() ? padded : read(tap, windows, padded, backward);
            taps.add(backward.op("Reshape", read, backward.integers(first, groups, c, last)));
        }
        String gathered = taps.size() == 1
                ? taps.get(0)
                : backward.op("Concat", List.of(attribute("axis", 2)), taps.toArray(String[]::new));
        String rows = backward.op(
                "Reshape",
                apart ? gradient : backward.transpose(gradient, exchange),
                backward.integers(first, groups, m, last));
        String products = backward.op("MatMul", rows, backward.transpose(gathered, 0, 1, 3, 2));
        String summed = apart ? backward.sum(products, false, 0) : products;
        String tapsLast = taps.size() == 1
                ? summed
                : backward.transpose(
                        backward.op("Reshape", summed, backward.integers(groups, m, taps.size(), c)), 0, 1, 3, 2);
        return backward.op("Reshape", tapsLast, backward.integers(weights));
    }

    /** The elements of the padded input that one kernel tap reads at all positions. */
    private static String read(long[] tap, Windows windows, String padded, Backward backward) {
        long[] starts = new long[tap.length];
        long[] ends = new long[tap.length];
        for (int axis = 0; axis < tap.length; axis++) {
            starts[axis] = tap[axis] * windows.dilations()[axis];
            ends[axis] = starts[axis] + (windows.positions()[axis] - 1) * windows.strides()[axis] + 1;
        }
        return backward.op(
                "Slice",
                padded,
                backward.integers(starts),
                backward.integers(ends),
                backward.integers(windows.spatial()),
                backward.integers(windows.strides()));
    }

    /** Convolves over the batch with the gradient as the kernel; stride and dilation are exchanged. */
    private static String exchanged(
            Windows windows, long groups, String x, String gradient, long[] weights, Backward backward) {
        long[] exchange = exchange(weights.length, 0, 1);
        String images =
                groups == 1 ? backward.transpose(x, exchange) : byGroups(windows, groups, x, weights[1], backward);
        Windows other = new Windows(
                windows.kernel(),
                windows.dilations(),
                windows.strides(),
                windows.before(),
                windows.after(),
                windows.sizes(),
                windows.positions());
        List<AttributeProto> attributes = other.attributes(groups, windows.pads());
        String found = backward.op("Conv", attributes, images, backward.transpose(gradient, exchange));
        String cropped = backward.op(
                "Slice",
                found,
                backward.integers(new long[windows.axes()]),
                backward.integers(windows.kernel()),
                backward.integers(windows.spatial()));
        return backward.transpose(cropped, exchange);
    }

    /** Rearranges [batch, groups * c, sizes] to [c, groups * batch, sizes]. */
    private static String byGroups(Windows windows, long groups, String x, long c, Backward backward) {
        String apart = backward.op("Reshape", x, backward.integers(0, groups, c, -1));
        String exchanged = backward.transpose(apart, 2, 1, 0, 3);
        if (windows.areFixed()) {
            return backward.op("Reshape", exchanged, backward.integers(prepend(windows.sizes(), c, -1)));
        }
        String sizes = backward.op("Slice", backward.op("Shape", x), backward.integers(2), backward.integers(5));
        String shape = backward.op("Concat", List.of(attribute("axis", 0)), backward.integers(c, -1), sizes);
        return backward.op("Reshape", exchanged, shape);
    }

    /** The permutation of {@code rank} axes that exchanges two of them. */
    static long[] exchange(int rank, int one, int other) {
        long[] axes = LongStream.range(0, rank).toArray();
        axes[one] = other;
        axes[other] = one;
        return axes;
    }

    /** {@code first}, then {@code last}. */
    static long[] prepend(long[] last, long... first) {
        return LongStream.concat(Arrays.stream(first), Arrays.stream(last)).toArray();
    }
}
