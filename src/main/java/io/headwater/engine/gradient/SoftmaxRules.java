package io.headwater.engine.gradient;

import java.util.Map;
import java.util.stream.LongStream;

/** Gradients of Softmax and LogSoftmax. */
final class SoftmaxRules {
    /** From this opset on Softmax applies to one axis; before, to the given axis and all after it. */
    private static final int OF_ONE_AXIS = 13;

    private SoftmaxRules() {}

    static Map<String, GradientRule> all() {
        return Map.of("Softmax", SoftmaxRules::softmax, "LogSoftmax", SoftmaxRules::logSoftmax);
    }

    /** If y is the result and g its gradient, the gradient of the input is y (g - sum(g y)). */
    private static void softmax(Node node, Backward backward) {
        String gradient = backward.gradient(node);
        String y = node.output();
        String sum = backward.sum(backward.op("Mul", gradient, y), true, axes(node, backward));
        backward.add(node.input(0), backward.op("Mul", y, backward.op("Sub", gradient, sum)));
    }

    /** If y is the result and g its gradient, the gradient of the input is g - exp(y) sum(g). */
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
