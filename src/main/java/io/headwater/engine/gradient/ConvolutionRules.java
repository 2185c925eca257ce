package io.headwater.engine.gradient;

import static io.headwater.engine.gradient.Backward.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import onnx.Onnx.AttributeProto;

/**
 * Gradients of convolutions over one, two or three axes. A gradient can be computed by several combinations of standard
 * operators; each rule uses the one that was measured to be the fastest in ONNX Runtime on one thread. {@link
 * #gathersColumns} and {@link #isQuickerAsConvolution} document the choice and the measurements.
 */
final class ConvolutionRules {
    private ConvolutionRules() {}

    static Map<String, GradientRule> all() {
        return Map.of("Conv", ConvolutionRules::convolution, "ConvTranspose", ConvolutionRules::transposed);
    }

    private static void convolution(Node node, Backward backward) {
        String x = node.input(0);
        String weights = node.input(1);
        String gradient = backward.gradient(node);
        long groups = node.integer("group", 1);
        Windows windows =
                Windows.of(node, kernel(backward.shape(weights)), backward.shape(x), backward.shape(node.output()));
        if (backward.wants(node, 0)) {
            backward.add(x, byInput(windows, groups, gradient, weights, x, backward));
        }
        if (backward.wants(node, 1)) {
            backward.add(weights, byWeights(windows, groups, x, gradient, weights, backward));
        }
        bias(node, gradient, windows, backward);
    }

    /** The gradient of y = ConvTranspose(x, w) is that of x' = Conv(y', w) with input and output exchanged. */
    private static void transposed(Node node, Backward backward) {
        String x = node.input(0);
        String weights = node.input(1);
        String gradient = backward.gradient(node);
        long groups = node.integer("group", 1);
        Windows windows = transposedWindows(node, backward);
        if (backward.wants(node, 0)) {
            String reached = crop(gradient, windows, backward);
            List<AttributeProto> attributes = attributes(windows, groups, windows.pads());
            backward.add(x, backward.op("Conv", attributes, reached, weights));
        }
        if (backward.wants(node, 1)) {
            backward.add(weights, byWeights(windows, groups, gradient, x, weights, backward));
        }
        bias(node, gradient, windows, backward);
    }

    private static Windows transposedWindows(Node node, Backward backward) {
        long[] output = backward.shape(node.output());
        long[] input = backward.shape(node.input(0));
        Windows plain = Windows.of(node, kernel(backward.shape(node.input(1))), output, input);
        long[] extra = node.integers("output_padding").orElse(new long[plain.axes()]);
        if (node.integers("output_shape").isEmpty()
                && List.of("NOTSET", "VALID").contains(node.text("auto_pad", "NOTSET"))) {
            for (int axis = 0; axis < plain.axes(); axis++) {
                if (!plain.areFixed() && extra[axis] >= plain.strides()[axis]) {
                    throw node.refused("has output_padding of a stride or more, and sizes that vary");
                }
            }
            return plain;
        }
        if (!plain.areFixed()) {
            throw node.refused("pads by the size of its result, which varies");
        }
        boolean upper = node.text("auto_pad", "NOTSET").equals("SAME_UPPER");
        long[] before = plain.before().clone();
        long[] after = plain.after().clone();
        for (int axis = 0; axis < plain.axes(); axis++) {
            long past = plain.before()[axis] + plain.after()[axis];
            long total = Math.max(0, past + extra[axis]);
            before[axis] = upper ? total / 2 : total - total / 2;
            after[axis] = past - before[axis];
        }
        return new Windows(
                plain.kernel(), plain.strides(), plain.dilations(), before, after, plain.sizes(), plain.positions());
    }

    private static void bias(Node node, String gradient, Windows windows, Backward backward) {
        if (backward.wants(node, 2)) {
            long[] axes = LongStream.concat(LongStream.of(0), Arrays.stream(windows.spatial()))
                    .toArray();
            backward.add(node.input(2), backward.sum(gradient, false, axes));
        }
    }

    private static long[] kernel(long[] weights) {
        return Arrays.copyOfRange(weights, 2, weights.length);
    }

    // Gradient with respect to the input.

    private static String byInput(
            Windows windows, long groups, String gradient, String weights, String x, Backward backward) {
        if (!windows.areFixed()) {
            return byInputOfAnySize(windows, groups, gradient, weights, x, backward);
        }
        if (isQuickerAsConvolution(windows, groups, backward.shape(weights))) {
            String turned = turned(windows, groups, weights, backward);
            long[] pads = windows.pads();
            for (int axis = 0; axis < windows.axes(); axis++) {
                long reach = windows.span(axis) - 1;
                pads[axis] = reach - windows.before()[axis];
                pads[axis + windows.axes()] = reach - windows.after()[axis];
            }
            return backward.op("Conv", attributes(windows, groups, pads), gradient, turned);
        }
        List<AttributeProto> attributes = attributes(windows, groups, windows.pads());
        attributes.add(attribute("output_padding", windows.unread()));
        return backward.op("ConvTranspose", attributes, gradient, weights);
    }

    /**
     * Without stride the gradient is a convolution with the flipped kernel. Relative to ConvTranspose it took 0.8 to
     * 0.9 of the time with as many output channels as input channels, 0.6 for depthwise convolutions, and 1.1 with four
     * times as many output channels.
     */
    private static boolean isQuickerAsConvolution(Windows windows, long groups, long[] weights) {
        boolean fits = true;
        for (int axis = 0; axis < windows.axes(); axis++) {
            long reach = windows.span(axis) - 1;
            fits &= windows.before()[axis] <= reach && windows.after()[axis] <= reach;
        }
        boolean narrows = windows.taps() == 1 || weights[0] <= 2 * groups * weights[1];
        return fits && narrows && !windows.haveStride();
    }

    /** Weights [groups * m, c, kernel] with input and output channels exchanged and the kernel flipped. */
    private static String turned(Windows windows, long groups, String weights, Backward backward) {
        long[] shape = backward.shape(weights);
        long[] grouped = prepend(windows.kernel(), groups, shape[0] / groups, shape[1]);
        String exchanged = backward.transpose(
                backward.op("Reshape", weights, backward.integers(grouped)), exchange(grouped.length, 1, 2));
        long[] back = prepend(windows.kernel(), groups * shape[1], shape[0] / groups);
        String kernels = backward.op("Reshape", exchanged, backward.integers(back));
        if (windows.taps() == 1) {
            return kernels;
        }
        long[] all = new long[windows.axes()];
        Arrays.fill(all, -1);
        long[] ends = new long[windows.axes()];
        Arrays.fill(ends, Long.MIN_VALUE + 1);
        return backward.op(
                "Slice",
                kernels,
                backward.integers(all),
                backward.integers(ends),
                backward.integers(windows.spatial()),
                backward.integers(all));
    }

    /** Applies ConvTranspose so that the result covers at least the padded input, and then slices out the input. */
    private static String byInputOfAnySize(
            Windows windows, long groups, String gradient, String weights, String x, Backward backward) {
        List<AttributeProto> attributes = attributes(windows, groups, new long[2 * windows.axes()]);
        long[] most = Arrays.stream(windows.strides()).map(stride -> stride - 1).toArray();
        attributes.add(attribute("output_padding", most));
        String padded = backward.op("ConvTranspose", attributes, gradient, weights);
        String sizes =
                backward.op("Slice", backward.shapeOf(x), backward.integers(2), backward.integers(2 + windows.axes()));
        String starts = backward.integers(windows.before());
        String ends = backward.op("Add", sizes, starts);
        return backward.op("Slice", padded, starts, ends, backward.integers(windows.spatial()));
    }

    // Gradient with respect to the weights.

    /**
     * The gradient with respect to the weights [groups * m, c, kernel] of a convolution of {@code x} [batch, groups *
     * c, sizes] whose result [batch, groups * m, positions] has the gradient {@code gradient}.
     */
    private static String byWeights(
            Windows windows, long groups, String x, String gradient, String weights, Backward backward) {
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
        String padded = crop(apart ? x : backward.transpose(x, exchange), windows, backward);
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
        List<AttributeProto> attributes = attributes(other, groups, windows.pads());
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

    // Helpers of both gradients.

    /** {@code x} without the trailing elements that no kernel position reads. */
    private static String crop(String x, Windows windows, Backward backward) {
        long[] unread = windows.unread();
        if (Arrays.stream(unread).allMatch(count -> count == 0)) {
            return x;
        }
        long[] ends = new long[unread.length];
        for (int axis = 0; axis < ends.length; axis++) {
            ends[axis] = windows.sizes()[axis] - unread[axis];
        }
        return backward.op(
                "Slice",
                x,
                backward.integers(new long[ends.length]),
                backward.integers(ends),
                backward.integers(windows.spatial()));
    }

    private static List<AttributeProto> attributes(Windows windows, long groups, long[] pads) {
        return new ArrayList<>(List.of(
                attribute("strides", windows.strides()),
                attribute("dilations", windows.dilations()),
                attribute("pads", pads),
                attribute("group", groups)));
    }

    /** The permutation of {@code rank} axes that exchanges two of them. */
    private static long[] exchange(int rank, int one, int other) {
        long[] axes = LongStream.range(0, rank).toArray();
        axes[one] = other;
        axes[other] = one;
        return axes;
    }

    private static long[] prepend(long[] last, long... first) {
        return LongStream.concat(Arrays.stream(first), Arrays.stream(last)).toArray();
    }
}
