package io.headwater.engine.gradient;

import java.util.Map;
import java.util.stream.LongStream;

/** Softmax and its logarithm. */
final class SoftmaxRules {
    /** From here on over one axis; before over all axes from one on. */
    private static final int OF_ONE_AXIS = 13;

    private SoftmaxRules() {}

    static Map<String, GradientRule> all() {
        return Map.of("Softmax", SoftmaxRules::softmax, "LogSoftmax", SoftmaxRules::logSoftmax);
    }

    /** With y the result and g its gradient, y (g - sum(g y)). */
    private static void softmax(Node node, Backward backward) {
        String gradient = backward.gradient(node);
        String y = node.output();
        String sum = backward.sum(backward.op("Mul", gradient, y), true, axes(node, backward));
        backward.add(node.input(0), backward.op("Mul", y, backward.op("Sub", gradient, sum)));
    }

    /** With y the result and g its gradient, g - exp(y) sum(g). */
    private static void logSoftmax(Node node, Backward backward) {
        String gradient = backward.gradient(node);
        String sum = backward.sum(gradient, true, axes(node, backward));
        String share = backward.op("Mul", backward.op("Exp", node.output()), sum);
        backward.add(node.input(0), backward.op("Sub", gradient, share));
    }

    private static long[] axes(Node node, Backward backward) {
        boolean one = node.opset() >= OF_ONE_AXIS;
        int axis = backward.axis(node.output(), node.integer("axis", one ? -1 : 1));
        return one
                ? new long[] {axis}
                : LongStream.range(axis, backward.rank(node.output())).toArray();
    }
}
