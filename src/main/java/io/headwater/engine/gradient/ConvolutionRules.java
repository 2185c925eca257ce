package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import onnx.Onnx.AttributeProto;

/**
 * Gradients of convolutions over one, two or three axes. A gradient can be computed by several combinations of standard
 * operators; each rule uses the one that was measured to be the fastest in ONNX Runtime on one thread. {@link
 * #isQuickerAsConvolution} and {@link KernelGradient} document the choice and the measurements.
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
            backward.add(weights, KernelGradient.of(windows, groups, x, gradient, weights, backward));
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
            String reached = windows.crop(gradient, backward);
            List<AttributeProto> attributes = windows.attributes(groups, windows.pads());
            backward.add(x, backward.op("Conv", attributes, reached, weights));
        }
        if (backward.wants(node, 1)) {
            backward.add(weights, KernelGradient.of(windows, groups, gradient, x, weights, backward));
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
            return backward.op("Conv", windows.attributes(groups, pads), gradient, turned);
        }
        List<AttributeProto> attributes = windows.attributes(groups, windows.pads());
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
        long[] grouped = KernelGradient.prepend(windows.kernel(), groups, shape[0] / groups, shape[1]);
        String exchanged = backward.transpose(
                backward.op("Reshape", weights, backward.integers(grouped)),
                KernelGradient.exchange(grouped.length, 1, 2));
        long[] back = KernelGradient.prepend(windows.kernel(), groups * shape[1], shape[0] / groups);
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
        List<AttributeProto> attributes = windows.attributes(groups, new long[2 * windows.axes()]);
        long[] most = Arrays.stream(windows.strides()).map(stride -> stride - 1).toArray();
        attributes.add(attribute("output_padding", most));
        String padded = backward.op("ConvTranspose", attributes, gradient, weights);
        String sizes =
                backward.op("Slice", backward.shapeOf(x), backward.integers(2), backward.integers(2 + windows.axes()));
        String starts = backward.integers(windows.before());
        String ends = backward.op("Add", sizes, starts);
        return backward.op("Slice", padded, starts, ends, backward.integers(windows.spatial()));
    }
}
