package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import onnx.Onnx.AttributeProto;

/** Gradients of pooling over one, two or three axes. */
final class PoolingRules {
    /** The attributes that define the pooling windows. */
    private static final Set<String> GEOMETRY =
            Set.of("kernel_shape", "strides", "dilations", "pads", "auto_pad", "ceil_mode");

    private PoolingRules() {}

    static Map<String, GradientRule> all() {
        return Map.of(
                "MaxPool", PoolingRules::max,
                "AveragePool", PoolingRules::average,
                "GlobalAveragePool", PoolingRules::globalAverage,
                "GlobalMaxPool", PoolingRules::globalMax);
    }

    /**
     * The gradient goes to the position of each maximum. The pooling is run again to obtain these indices, which are
     * those of the first of several equal elements. An element that is the maximum of several windows gets the sum of
     * their gradients.
     */
    private static void max(Node node, Backward backward) {
        String x = node.input(0);
        List<AttributeProto> attributes = node.proto().getAttributeList().stream()
                .filter(attribute -> GEOMETRY.contains(attribute.getName()))
                .toList();
        String indices = backward.ops("MaxPool", 2, attributes, x).get(1);
        String all = backward.integers(-1);
        String zeros = backward.op("Expand", backward.real(0), backward.op("Reshape", backward.op("Size", x), all));
        String gradient = backward.op(
                "ScatterElements",
                List.of(attribute("axis", 0), attribute("reduction", "add")),
                zeros,
                backward.op("Reshape", indices, all),
                backward.op("Reshape", backward.gradient(node), all));
        backward.add(x, backward.reshapedLike(gradient, x));
    }

    /**
     * The gradient of each window is divided by the number of its elements and distributed over them by a transposed
     * convolution.
     */
    private static void average(Node node, Backward backward) {
        String x = node.input(0);
        Windows windows = windows(node, backward);
        if (!windows.areFixed()) {
            throw node.refused("averages over axes whose sizes vary");
        }
        String shares = backward.op("Mul", backward.gradient(node), shares(node, windows, backward));
        long[] positions = shape(windows.positions(), -1, 1);
        String ones = backward.op("Expand", backward.real(1), backward.integers(shape(windows.kernel(), 1, 1)));
        String spread = backward.op(
                "ConvTranspose",
                List.of(
                        attribute("kernel_shape", windows.kernel()),
                        attribute("strides", windows.strides()),
                        attribute("dilations", windows.dilations()),
                        attribute("pads", windows.pads()),
                        attribute("output_padding", windows.unread())),
                backward.op("Reshape", shares, backward.integers(positions)),
                ones);
        backward.add(x, backward.reshapedLike(spread, x));
    }

    /**
     * The reciprocal of the number of elements that are averaged at each position, to be broadcast over batch and
     * channels.
     */
    private static String shares(Node node, Windows windows, Backward backward) {
        boolean padded = node.integer("count_include_pad", 0) != 0;
        String shares = backward.real(1);
        for (int axis = 0; axis < windows.axes(); axis++) {
            long[] counts = new long[(int) windows.positions()[axis]];
            long end = windows.sizes()[axis] + (padded ? paddingAfter(node, windows, axis) : 0);
            for (int position = 0; position < counts.length; position++) {
                for (long tap = 0; tap < windows.kernel()[axis]; tap++) {
                    long read = position * windows.strides()[axis]
                            + tap * windows.dilations()[axis]
                            - windows.before()[axis];
                    counts[position] += read < end && (padded || read >= 0) ? 1 : 0;
                }
            }
            long[] along = LongStream.generate(() -> 1).limit(windows.axes()).toArray();
            along[axis] = counts.length;
            String divisor = backward.op("Reshape", backward.reals(counts), backward.integers(along));
            shares = backward.op("Div", shares, divisor);
        }
        return shares;
    }

    /**
     * How much padding after the end counts as averaged elements. With ceil_mode the last position may reach past the
     * declared padding: since opset 19 only the declared padding counts, before that everything the position reaches,
     * as in ONNX Runtime.
     */
    private static long paddingAfter(Node node, Windows windows, int axis) {
        long reached = Math.max(0, windows.after()[axis]);
        boolean automatic = node.text("auto_pad", "NOTSET").startsWith("SAME");
        if (node.opset() < 19 || automatic) {
            return reached;
        }
        return node.integers("pads").map(pads -> pads[axis + windows.axes()]).orElse(0L);
    }

    private static Windows windows(Node node, Backward backward) {
        long[] kernel =
                node.integers("kernel_shape").orElseThrow(() -> node.refused("needs the attribute kernel_shape"));
        return Windows.of(node, kernel, backward.shape(node.input(0)), backward.shape(node.output()));
    }

    private static void globalAverage(Node node, Backward backward) {
        String x = node.input(0);
        String share = backward.op("Div", backward.gradient(node), backward.count(x, spatial(x, backward)));
        backward.add(x, backward.op("Expand", share, backward.shapeOf(x)));
    }

    /** The gradient goes to the first of equal maxima. */
    private static void globalMax(Node node, Backward backward) {
        String x = node.input(0);
        String flat = backward.op("Reshape", x, backward.integers(0, 0, -1));
        String indices = backward.op("ArgMax", List.of(attribute("axis", 2)), flat);
        String zeros = backward.op("Expand", backward.real(0), backward.op("Shape", flat));
        String gradient = backward.op("Reshape", backward.gradient(node), backward.integers(0, 0, 1));
        String placed = backward.op("ScatterElements", List.of(attribute("axis", 2)), zeros, indices, gradient);
        backward.add(x, backward.reshapedLike(placed, x));
    }

    private static long[] spatial(String x, Backward backward) {
        return LongStream.range(2, backward.rank(x)).toArray();
    }

    private static long[] shape(long[] last, long... first) {
        return LongStream.concat(Arrays.stream(first), Arrays.stream(last)).toArray();
    }
}
