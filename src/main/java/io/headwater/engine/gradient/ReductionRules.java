package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import onnx.Onnx.AttributeProto;
import org.jspecify.annotations.Nullable;

/** Gradients of reductions over axes. */
final class ReductionRules {
    private ReductionRules() {}

    static Map<String, GradientRule> all() {
        return Map.of(
                "ReduceSum",
                ReductionRules::sum,
                "ReduceMean",
                ReductionRules::mean,
                "ReduceMax",
                ReductionRules::extreme,
                "ReduceMin",
                ReductionRules::extreme,
                "ReduceL1",
                times(ReductionRules::lengthOne),
                "ReduceL2",
                times(ReductionRules::lengthTwo),
                "ReduceLogSum",
                times(ReductionRules::logSum),
                "ReduceLogSumExp",
                times(ReductionRules::logSumExp),
                "ReduceSumSquare",
                times(ReductionRules::sumSquare),
                "CumSum",
                ReductionRules::running);
    }

    /**
     * Computes the derivative of a result {@code y} with respect to each element of {@code x}; reduced axes of {@code
     * y} have size 1.
     */
    @FunctionalInterface
    private interface Derivative {
        String of(String x, String y, Backward backward);
    }

    private static GradientRule times(Derivative derivative) {
        return (node, backward) -> {
            String x = node.input(0);
            long[] axes = axes(node, backward);
            String gradient = kept(node, backward.gradient(node), axes, backward);
            String y = kept(node, node.output(), axes, backward);
            backward.add(x, backward.op("Mul", gradient, derivative.of(x, y, backward)));
        };
    }

    private static String lengthOne(String x, String y, Backward backward) {
        return backward.op("Sign", x);
    }

    /** The derivative x / y, and 0 where all elements of x are 0. */
    private static String lengthTwo(String x, String y, Backward backward) {
        return backward.op("Div", x, backward.op("Max", y, backward.real(Float.MIN_NORMAL)));
    }

    private static String logSum(String x, String y, Backward backward) {
        String each = backward.op("Exp", backward.op("Neg", y));
        return backward.op("Expand", each, backward.shapeOf(x));
    }

    private static String logSumExp(String x, String y, Backward backward) {
        return backward.op("Exp", backward.op("Sub", x, y));
    }

    private static String sumSquare(String x, String y, Backward backward) {
        return backward.scaled(x, 2);
    }

    /** Several elements that are equal to the extreme share the gradient equally. */
    private static void extreme(Node node, Backward backward) {
        String x = node.input(0);
        long[] axes = axes(node, backward);
        String gradient = kept(node, backward.gradient(node), axes, backward);
        String chosen = backward.op("Equal", x, kept(node, node.output(), axes, backward));
        String ones = backward.op("Where", chosen, backward.real(1), backward.real(0));
        String share = axes.length == 0 ? gradient : backward.op("Div", gradient, backward.sum(ones, true, axes));
        backward.add(x, backward.op("Mul", share, ones));
    }

    /** The gradient of a cumulative sum is a cumulative sum from the other end. */
    private static void running(Node node, Backward backward) {
        List<AttributeProto> attributes = List.of(
                attribute("exclusive", node.integer("exclusive", 0)),
                attribute("reverse", 1 - node.integer("reverse", 0)));
        String axis = backward.wholes(node.input(1));
        backward.add(node.input(0), backward.op("CumSum", attributes, backward.gradient(node), axis));
    }

    private static void sum(Node node, Backward backward) {
        String x = node.input(0);
        long[] axes = axes(node, backward);
        String kept = kept(node, backward.gradient(node), axes, backward);
        backward.add(x, axes.length == 0 ? kept : backward.op("Expand", kept, backward.shapeOf(x)));
    }

    private static void mean(Node node, Backward backward) {
        String x = node.input(0);
        long[] axes = axes(node, backward);
        String kept = kept(node, backward.gradient(node), axes, backward);
        if (axes.length == 0) {
            backward.add(x, kept);
        } else {
            String share = backward.op("Div", kept, backward.count(x, axes));
            backward.add(x, backward.op("Expand", share, backward.shapeOf(x)));
        }
    }

    /** A tensor of the result's shape, in which dropped axes are inserted again with size 1. */
    private static String kept(Node node, String value, long[] axes, Backward backward) {
        boolean dropped = node.integer("keepdims", 1) == 0 && axes.length > 0;
        return dropped ? backward.op("Unsqueeze", value, backward.integers(axes)) : value;
    }

    /**
     * The reduced axes in ascending order, from an attribute or an input. If none are given, all axes are reduced
     * unless noop_with_empty_axes is set.
     */
    private static long[] axes(Node node, Backward backward) {
        long[] axes = given(node, backward);
        String x = node.input(0);
        if (axes != null && axes.length > 0) {
            return Arrays.stream(axes)
                    .map(axis -> backward.axis(x, axis))
                    .sorted()
                    .toArray();
        }
        boolean none = node.integer("noop_with_empty_axes", 0) != 0;
        return none ? new long[0] : LongStream.range(0, backward.rank(x)).toArray();
    }

    private static long @Nullable [] given(Node node, Backward backward) {
        if (!node.has(1)) {
            return node.integers("axes").orElse(null);
        }
        long[] constant = backward.constantIntegers(node.input(1));
        if (constant == null) {
            throw node.refused("computes the axes that it reduces");
        }
        return constant;
    }
}
