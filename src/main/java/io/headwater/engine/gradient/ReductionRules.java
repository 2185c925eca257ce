package io.headwater.engine.gradient;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Reductions over axes. */
final class ReductionRules {
    private ReductionRules() {}

    static Map<String, Rule> all() {
        return Map.of("ReduceSum", ReductionRules::sum, "ReduceMean", ReductionRules::mean);
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

    /** A tensor of the result's shape with the reduced axes as axes of size 1. */
    private static String kept(Node node, String value, long[] axes, Backward backward) {
        boolean dropped = node.integer("keepdims", 1) == 0 && axes.length > 0;
        return dropped ? backward.op("Unsqueeze", value, backward.integers(axes)) : value;
    }

    /** The axes that are reduced, ascending. An attribute or an input; none means all unless the node says otherwise. */
    private static long[] axes(Node node, Backward backward) {
        long[] axes = given(node, backward);
        String x = node.input(0);
        if (axes != null && axes.length > 0) {
            return Arrays.stream(axes).map(axis -> backward.axis(x, axis)).sorted().toArray();
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
