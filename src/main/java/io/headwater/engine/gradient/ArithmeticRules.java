package io.headwater.engine.gradient;

import java.util.Map;

/** Element-wise arithmetic with broadcasting. */
final class ArithmeticRules {
    private ArithmeticRules() {}

    static Map<String, Rule> all() {
        return Map.of(
                "Add", ArithmeticRules::add,
                "Sub", ArithmeticRules::subtract,
                "Mul", ArithmeticRules::multiply,
                "Div", ArithmeticRules::divide);
    }

    private static void add(Node node, Backward backward) {
        pass(node, 0, backward.gradient(node), backward);
        pass(node, 1, backward.gradient(node), backward);
    }

    private static void subtract(Node node, Backward backward) {
        pass(node, 0, backward.gradient(node), backward);
        if (backward.wants(node, 1)) {
            pass(node, 1, backward.op("Neg", backward.gradient(node)), backward);
        }
    }

    private static void multiply(Node node, Backward backward) {
        for (int i = 0; i < 2; i++) {
            if (backward.wants(node, i)) {
                pass(node, i, backward.op("Mul", backward.gradient(node), node.input(1 - i)), backward);
            }
        }
    }

    /** d(a/b) = da/b - (a/b) db/b. */
    private static void divide(Node node, Backward backward) {
        String quotient = backward.op("Div", backward.gradient(node), node.input(1));
        pass(node, 0, quotient, backward);
        if (backward.wants(node, 1)) {
            pass(node, 1, backward.op("Neg", backward.op("Mul", quotient, node.output())), backward);
        }
    }

    /** Adds a gradient of the result's shape to an operand that was broadcast to it. */
    static void pass(Node node, int input, String gradient, Backward backward) {
        if (backward.wants(node, input)) {
            backward.add(node.input(input), backward.unbroadcast(gradient, node.input(input), node.output()));
        }
    }
}
