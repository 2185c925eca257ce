package io.headwater.engine.gradient;

import java.util.Map;
import java.util.Set;

/** Gradients of operators that select one of their operands for each element. */
final class SelectionRules {
    private SelectionRules() {}

    static Map<String, GradientRule> all() {
        return Map.of(
                "Where", SelectionRules::where,
                "Max", SelectionRules::extreme,
                "Min", SelectionRules::extreme,
                "Clip", SelectionRules::clip,
                "PRelu", SelectionRules::prelu);
    }

    private static void where(Node node, Backward backward) {
        String condition = backward.truth(node.input(0));
        String gradient = backward.gradient(node);
        String zero = backward.real(0);
        if (backward.wants(node, 1)) {
            ArithmeticRules.pass(node, 1, backward.op("Where", condition, gradient, zero), backward);
        }
        if (backward.wants(node, 2)) {
            ArithmeticRules.pass(node, 2, backward.op("Where", condition, zero, gradient), backward);
        }
    }

    /** If operands are equal, the first of them gets the whole gradient. */
    private static void extreme(Node node, Backward backward) {
        String left = backward.gradient(node);
        String zero = backward.real(0);
        for (int i = 0; i < node.inputs(); i++) {
            if (node.inputs() == 1) {
                backward.add(node.input(i), left);
                return;
            }
            String chosen = backward.op("Equal", node.input(i), node.output());
            ArithmeticRules.pass(node, i, backward.op("Where", chosen, left, zero), backward);
            left = backward.op("Where", chosen, zero, left);
        }
    }

    /** The gradient passes where the bounds do not change the input. */
    private static void clip(Node node, Backward backward) {
        if (backward.wants(node, 1) || backward.wants(node, 2)) {
            throw boundRefused(node);
        }
        String inside = backward.op("Equal", node.input(0), node.output());
        backward.add(node.input(0), backward.op("Where", inside, backward.gradient(node), backward.real(0)));
    }

    /** Whether a node clips by a bound that depends on one of the tensors whose gradient is wanted. */
    static boolean wantsBound(Node node, Set<String> wanted) {
        return node.type().equals("Clip")
                && (node.has(1) && wanted.contains(node.input(1)) || node.has(2) && wanted.contains(node.input(2)));
    }

    /** Creates the exception for such a node. */
    static GradientException boundRefused(Node node) {
        return node.refused("has a bound whose gradient is wanted");
    }

    private static void prelu(Node node, Backward backward) {
        String x = node.input(0);
        String gradient = backward.gradient(node);
        if (backward.wants(x)) {
            String below = backward.op("Less", x, backward.real(0));
            String derivative = backward.op("Where", below, node.input(1), backward.real(1));
            backward.add(x, backward.op("Mul", gradient, derivative));
        }
        if (backward.wants(node, 1)) {
            String below = backward.op("Min", x, backward.real(0));
            ArithmeticRules.pass(node, 1, backward.op("Mul", gradient, below), backward);
        }
    }
}
