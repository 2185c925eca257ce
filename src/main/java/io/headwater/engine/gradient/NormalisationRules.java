package io.headwater.engine.gradient;

import static io.headwater.engine.gradient.Backward.attribute;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Normalisation by statistics of a batch, an image, groups of channels or neighbouring channels. */
final class NormalisationRules {
    private NormalisationRules() {}

    static Map<String, Rule> all() {
        return Map.of("BatchNormalization", NormalisationRules::batch);
    }

    /**
     * With the statistics that it was given, batch normalisation is a scale and a shift of each channel; in training mode
     * the statistics are those of the batch and depend on the input.
     */
    private static void batch(Node node, Backward backward) {
        boolean trains = node.integer("training_mode", 0) != 0;
        if (node.opset() < 14 && node.proto().getOutputCount() > 1) {
            throw node.refused("is batch normalisation in training mode, which is supported from opset 14");
        }
        if (node.opset() < 9 && node.integer("spatial", 1) == 0) {
            throw node.refused("normalises each element by itself (spatial = 0)");
        }
        if (backward.wants(node, 3) || backward.wants(node, 4)) {
            throw node.refused("has a mean or variance that depends on what is trained");
        }
        String x = node.input(0);
        long[] others = othersThan(1, backward.rank(x));
        Channels channels = new Channels(backward, backward.rank(x));
        float epsilon = node.real("epsilon", 1e-5f);
        Standard standard = trains
                ? Standard.of(x, epsilon, backward, others)
                : Standard.of(x, channels.of(node.input(3)), channels.of(node.input(4)), epsilon, backward);
        String gradient = backward.gradient(node);
        affine(node, gradient, standard, others, backward);
        if (backward.wants(node, 0)) {
            String scaled = backward.op("Mul", gradient, channels.of(node.input(1)));
            backward.add(
                    x,
                    trains
                            ? standard.byInput(scaled, backward, others)
                            : backward.op("Mul", scaled, standard.inverse()));
        }
    }

    /** Scale and bias, which are the inputs 1 and 2, have no axis but that of the channels. */
    private static void affine(Node node, String gradient, Standard standard, long[] others, Backward backward) {
        if (backward.wants(node, 1)) {
            String product = backward.op("Mul", gradient, standard.normal());
            backward.add(node.input(1), backward.sum(product, false, others));
        }
        if (backward.wants(node, 2)) {
            backward.add(node.input(2), backward.sum(gradient, false, others));
        }
    }

    private static long[] othersThan(long axis, int rank) {
        return LongStream.range(0, rank).filter(each -> each != axis).toArray();
    }

    /** Vectors of one number a channel, made to be broadcast to a tensor of {@code rank} axes, channels being axis 1. */
    private record Channels(Backward backward, int rank) {
        String of(String vector) {
            long[] shape = new long[rank - 1];
            Arrays.fill(shape, 1);
            shape[0] = -1;
            return backward.op("Reshape", vector, backward.integers(shape));
        }
    }

    /**
     * A tensor less its mean, divided by its standard deviation.
     *
     * @param normal that
     * @param inverse one divided by the standard deviation
     */
    private record Standard(String normal, String inverse) {

        /** By the tensor's own statistics over axes. */
        static Standard of(String x, double epsilon, Backward backward, long... axes) {
            String mean = mean(x, backward, axes);
            String centred = backward.op("Sub", x, mean);
            String variance = mean(backward.op("Mul", centred, centred), backward, axes);
            String inverse = inverse(variance, epsilon, backward);
            return new Standard(backward.op("Mul", centred, inverse), inverse);
        }

        /** By statistics that are given. */
        static Standard of(String x, String mean, String variance, double epsilon, Backward backward) {
            String inverse = inverse(variance, epsilon, backward);
            return new Standard(backward.op("Mul", backward.op("Sub", x, mean), inverse), inverse);
        }

        private static String inverse(String variance, double epsilon, Backward backward) {
            return backward.op(
                    "Reciprocal", backward.op("Sqrt", backward.op("Add", variance, backward.real(epsilon))));
        }

        private static String mean(String x, Backward backward, long... axes) {
            return backward.op("ReduceMean", List.of(attribute("axes", axes)), x);
        }

        /** The gradient by the tensor, given that by {@link #normal}, where the statistics are the tensor's own. */
        String byInput(String gradient, Backward backward, long... axes) {
            String along = backward.op("Mul", normal, mean(backward.op("Mul", gradient, normal), backward, axes));
            String across = backward.op("Sub", gradient, mean(gradient, backward, axes));
            return backward.op("Mul", backward.op("Sub", across, along), inverse);
        }
    }
}
