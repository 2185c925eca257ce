package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import onnx.Onnx.AttributeProto;

/** Gradients of normalisation by the statistics of a batch, an image, groups of channels or neighbouring channels. */
final class NormalisationRules {
    /** The value that ONNX adds to the deviation in MeanVarianceNormalization to avoid a division by zero. */
    private static final double LEAST = 1e-9;

    private NormalisationRules() {}

    static Map<String, GradientRule> all() {
        return Map.of(
                "BatchNormalization", NormalisationRules::batch,
                "InstanceNormalization", NormalisationRules::instance,
                "GroupNormalization", NormalisationRules::group,
                "MeanVarianceNormalization", NormalisationRules::meanVariance,
                "LpNormalization", NormalisationRules::norm,
                "LRN", NormalisationRules::neighbours);
    }

    /**
     * With given statistics, batch normalisation is a scale and a shift of each channel. In training mode the
     * statistics are those of the batch and depend on the input.
     */
    private static void batch(Node node, Backward backward) {
        boolean trains = node.integer("training_mode", 0) != 0;
        if (node.opset() < 14 && node.proto().getOutputList().stream().skip(1).anyMatch(each -> !each.isEmpty())) {
            throw node.refused("is in training mode, which is supported from opset 14");
        }
        if (node.opset() < 9 && node.integer("spatial", 1) == 0) {
            throw node.refused("normalises each element by itself (spatial = 0)");
        }
        if (backward.wants(node, 3) || backward.wants(node, 4)) {
            throw node.refused("has a mean or variance that depends on what is trained");
        }
        String x = node.input(0);
        String gradient = backward.gradient(node);
        int rank = backward.rank(x);
        long[] others = othersThan(1, rank);
        double epsilon = node.real("epsilon", 1e-5f);
        Standard standard = trains
                ? Standard.of(x, epsilon, backward, others)
                : Standard.of(
                        x,
                        byChannel(node.input(3), rank, backward),
                        byChannel(node.input(4), rank, backward),
                        epsilon,
                        backward);
        affine(node, gradient, standard.normal(), others, backward);
        if (backward.wants(node, 0)) {
            String scaled = backward.op("Mul", gradient, byChannel(node.input(1), rank, backward));
            backward.add(
                    x,
                    trains
                            ? standard.byInput(scaled, backward, others)
                            : backward.op("Mul", scaled, standard.inverse()));
        }
    }

    private static void instance(Node node, Backward backward) {
        String x = node.input(0);
        String gradient = backward.gradient(node);
        int rank = backward.rank(x);
        long[] spatial = LongStream.range(2, rank).toArray();
        Standard standard = Standard.of(x, node.real("epsilon", 1e-5f), backward, spatial);
        affine(node, gradient, standard.normal(), othersThan(1, rank), backward);
        if (backward.wants(node, 0)) {
            String scaled = backward.op("Mul", gradient, byChannel(node.input(1), rank, backward));
            backward.add(x, standard.byInput(scaled, backward, spatial));
        }
    }

    /** Scale and bias have one value per group before opset 21, and one per channel since. */
    private static void group(Node node, Backward backward) {
        String x = node.input(0);
        String gradient = backward.gradient(node);
        int rank = backward.rank(x);
        String byGroup = backward.integers(0, node.integer("num_groups", 1), -1);
        Standard standard = Standard.of(backward.op("Reshape", x, byGroup), node.real("epsilon", 1e-5f), backward, 2);
        String scaled;
        if (node.opset() < 21) {
            String grouped = backward.op("Reshape", gradient, byGroup);
            affine(node, grouped, standard.normal(), othersThan(1, 3), backward);
            scaled = backward.op("Mul", grouped, byChannel(node.input(1), 3, backward));
        } else {
            affine(node, gradient, backward.reshapedLike(standard.normal(), x), othersThan(1, rank), backward);
            scaled = backward.op(
                    "Reshape", backward.op("Mul", gradient, byChannel(node.input(1), rank, backward)), byGroup);
        }
        if (backward.wants(node, 0)) {
            backward.add(x, backward.reshapedLike(standard.byInput(scaled, backward, 2), x));
        }
    }

    private static void meanVariance(Node node, Backward backward) {
        String x = node.input(0);
        long[] axes = node.integers("axes").orElse(new long[] {0, 2, 3});
        Standard standard = Standard.of(x, LEAST, backward, axes);
        backward.add(x, standard.byInput(backward.gradient(node), backward, axes));
    }

    /**
     * The gradient of y = x / |x| with the L1 or L2 norm; if all elements are zero, y and the gradient are zero too.
     */
    private static void norm(Node node, Backward backward) {
        String x = node.input(0);
        String gradient = backward.gradient(node);
        long axis = node.integer("axis", -1);
        boolean absolute = node.integer("p", 2) == 1;
        AttributeProto axes = attribute("axes", new long[] {axis});
        String norm = backward.op(absolute ? "ReduceL1" : "ReduceL2", List.of(axes), x);
        String divisor = backward.op(
                "Where", backward.op("Equal", norm, backward.real(0)), backward.real(Double.POSITIVE_INFINITY), norm);
        String along = backward.sum(backward.op("Mul", gradient, node.output()), true, axis);
        String change = absolute ? backward.op("Sign", x) : node.output();
        String across = backward.op("Sub", gradient, backward.op("Mul", change, along));
        backward.add(x, backward.op("Div", across, divisor));
    }

    /**
     * The gradient of y = x / d^beta, where d = bias + alpha * the mean square of {@code size} neighbouring channels.
     * The gradient of a channel therefore includes terms from its neighbours.
     */
    private static void neighbours(Node node, Backward backward) {
        String x = node.input(0);
        String gradient = backward.gradient(node);
        if (backward.shape(x)[1] < 0) {
            throw node.refused("normalises over channels whose number varies");
        }
        long size = node.integer("size", 1);
        double alpha = node.real("alpha", 1e-4f);
        double beta = node.real("beta", 0.75f);
        long before = (size - 1) / 2;
        long after = size - 1 - before;
        String squares = meanOfChannels(backward.op("Mul", x, x), size, before, after, x, backward);
        String d = backward.op("Add", backward.scaled(squares, alpha), backward.real(node.real("bias", 1)));
        String own = backward.op("Mul", gradient, backward.op("Pow", d, backward.real(-beta)));
        String shared = backward.op("Div", backward.op("Mul", gradient, node.output()), d);
        String theirs = backward.op("Mul", x, meanOfChannels(shared, size, after, before, x, backward));
        backward.add(x, backward.op("Sub", own, backward.scaled(theirs, 2 * alpha * beta)));
    }

    private static String meanOfChannels(
            String value, long size, long before, long after, String like, Backward backward) {
        long channels = backward.shape(like)[1];
        String pooled = backward.op(
                "AveragePool",
                List.of(
                        attribute("kernel_shape", new long[] {size, 1}),
                        attribute("pads", new long[] {before, 0, after, 0}),
                        attribute("count_include_pad", 1)),
                backward.op("Reshape", value, backward.integers(0, 1, channels, -1)));
        return backward.reshapedLike(pooled, like);
    }

    /** Adds the gradients of scale and bias, inputs 1 and 2, whose only axis is that of channels or groups. */
    private static void affine(Node node, String gradient, String normal, long[] others, Backward backward) {
        if (backward.wants(node, 1)) {
            backward.add(node.input(1), backward.sum(backward.op("Mul", gradient, normal), false, others));
        }
        if (backward.wants(node, 2)) {
            backward.add(node.input(2), backward.sum(gradient, false, others));
        }
    }

    private static long[] othersThan(long axis, int rank) {
        return LongStream.range(0, rank).filter(each -> each != axis).toArray();
    }

    /**
     * Reshapes a vector of one value per channel so that it can be broadcast to a tensor of {@code rank} axes whose
     * axis 1 is the channels.
     */
    private static String byChannel(String vector, int rank, Backward backward) {
        long[] shape = new long[rank - 1];
        Arrays.fill(shape, 1);
        shape[0] = -1;
        return backward.op("Reshape", vector, backward.integers(shape));
    }
}
