package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.TensorProto.DataType;
import org.jspecify.annotations.Nullable;

/**
 * Gradients of normalisation over the last axes: to mean 0 and variance 1, or ("simplified") to a mean square of 1. The
 * normalised values are computed again, so that no outputs need to be added to the nodes of the forward pass.
 */
final class LayerNormalizationRules {
    private static final float EPSILON = 1e-5f;
    private static final float SKIP_EPSILON = 1e-12f;
    private static final int MEAN = 1;
    private static final int DEVIATION = 2;
    private static final int SUM = 3;

    /** The tensor to be normalised and the first of the axes over which it is normalised. */
    private record Input(String tensor, int axis, int rank, float epsilon) {
        long[] axes() {
            return LongStream.range(axis, rank).toArray();
        }

        long[] others() {
            return LongStream.range(0, axis).toArray();
        }
    }

    /** The normalised values and the factor with which they were multiplied. */
    private record Normalised(String values, String factor, boolean centred) {}

    private LayerNormalizationRules() {}

    static Map<String, GradientRule> all() {
        return Map.of(
                "LayerNormalization", (node, backward) -> plain(node, true, backward),
                "RMSNormalization", (node, backward) -> plain(node, false, backward),
                "SimplifiedLayerNormalization", (node, backward) -> plain(node, false, backward),
                "com.microsoft:SkipLayerNormalization", (node, backward) -> skip(node, true, 4, backward),
                "com.microsoft:SkipSimplifiedLayerNormalization", (node, backward) -> skip(node, false, 3, backward));
    }

    private static void plain(Node node, boolean centred, Backward backward) {
        String x = node.input(0);
        int axis = backward.axis(x, node.integer("axis", -1));
        Input input = new Input(x, axis, backward.rank(x), node.real("epsilon", EPSILON));
        backward.add(x, normalisation(node, backward.gradient(node), input, centred, 1, backward));
    }

    /** Normalises the sum of input, skip and bias; the sum itself may also be an output. */
    private static void skip(Node node, boolean centred, int bias, Backward backward) {
        int rank = backward.rank(node.output());
        Input input = new Input(sum(node, bias, backward), rank - 1, rank, node.real("epsilon", SKIP_EPSILON));
        if (gradientOf(node, MEAN, backward) != null || gradientOf(node, DEVIATION, backward) != null) {
            throw node.refused("has a gradient at its mean or deviation");
        }
        String gradient = gradientOf(node, SUM, backward);
        String normal = gradientOf(node, 0, backward);
        if (normal != null) {
            String through = normalisation(node, normal, input, centred, 2, backward);
            gradient = gradient == null ? through : backward.op("Add", through, gradient);
        }
        Objects.requireNonNull(gradient, "a rule is applied where a gradient is");
        for (int addend : new int[] {0, 1, bias}) {
            ArithmeticRules.pass(node, addend, gradient, backward);
        }
    }

    private static @Nullable String gradientOf(Node node, int output, Backward backward) {
        return output < node.proto().getOutputCount() ? backward.gradientOf(node.output(output)) : null;
    }

    private static String sum(Node node, int bias, Backward backward) {
        if (node.proto().getOutputCount() > SUM && !node.output(SUM).isEmpty()) {
            return node.output(SUM);
        }
        String sum = backward.op("Add", node.input(0), node.input(1));
        return node.has(bias) ? backward.op("Add", sum, node.input(bias)) : sum;
    }

    /**
     * Adds the gradients of scale and bias (the inputs from index {@code scale} on), and returns the gradient with
     * respect to the tensor that is normalised.
     */
    private static String normalisation(
            Node node, String gradient, Input input, boolean centred, int scale, Backward backward) {
        long[] sizes = backward.shape(node.input(scale));
        Normalised normalised = centred ? centred(input, sizes, node, backward) : simplified(input, backward);
        String product = backward.op("Mul", gradient, normalised.values());
        if (backward.wants(node, scale)) {
            backward.add(node.input(scale), reduced(product, input, node.input(scale), backward));
        }
        if (centred && backward.wants(node, scale + 1)) {
            backward.add(node.input(scale + 1), reduced(gradient, input, node.input(scale + 1), backward));
        }
        return through(
                backward.op("Mul", gradient, node.input(scale)),
                backward.op("Mul", product, node.input(scale)),
                normalised,
                input.axes(),
                backward);
    }

    private static String reduced(String gradient, Input input, String parameter, Backward backward) {
        String sum = input.axis() == 0 ? gradient : backward.sum(gradient, false, input.others());
        boolean same = backward.rank(parameter) == input.rank() - input.axis();
        return same ? sum : backward.reshapedLike(sum, parameter);
    }

    /**
     * The gradient with respect to the tensor that is normalised. If g is the gradient of the normalised values z and r
     * the factor, it is r (g - mean(g) - z mean(g z)), without mean(g) for normalisation that does not subtract the
     * mean.
     */
    private static String through(
            String gradient, String product, Normalised normalised, long[] axes, Backward backward) {
        String along = backward.op("Mul", normalised.values(), mean(product, axes, backward));
        String centred = normalised.centred() ? backward.op("Sub", gradient, mean(gradient, axes, backward)) : gradient;
        return backward.op("Mul", backward.op("Sub", centred, along), normalised.factor());
    }

    static String through(String gradient, String values, String factor, long[] axes, Backward backward) {
        String product = backward.op("Mul", gradient, values);
        return through(gradient, product, new Normalised(values, factor, true), axes, backward);
    }

    private static Normalised centred(Input input, long[] sizes, Node node, Backward backward) {
        if (Arrays.stream(sizes).anyMatch(size -> size < 0)) {
            throw node.refused("has a scale whose shape differs between batches");
        }
        String ones = backward.op("Expand", backward.real(1), backward.integers(sizes));
        List<AttributeProto> attributes =
                List.of(attribute("axis", (long) input.axis()), attribute("epsilon", input.epsilon()));
        List<String> outputs = backward.ops("LayerNormalization", 3, attributes, input.tensor(), ones);
        // The operator computes its factor in single precision, whatever the type of its input.
        return new Normalised(outputs.get(0), backward.floating(outputs.get(2), DataType.FLOAT_VALUE), true);
    }

    private static Normalised simplified(Input input, Backward backward) {
        String square = mean(backward.op("Mul", input.tensor(), input.tensor()), input.axes(), backward);
        String root = backward.op("Sqrt", backward.op("Add", square, backward.real(input.epsilon())));
        String factor = backward.op("Reciprocal", root);
        return new Normalised(backward.op("Mul", input.tensor(), factor), factor, false);
    }

    private static String mean(String value, long[] axes, Backward backward) {
        return backward.op("ReduceMean", List.of(attribute("axes", axes)), value);
    }
}
