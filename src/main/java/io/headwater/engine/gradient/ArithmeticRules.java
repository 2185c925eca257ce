package io.headwater.engine.gradient;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gradients of element-wise arithmetic with broadcasting. */
final class ArithmeticRules {
    private ArithmeticRules() {}

    static Map<String, GradientRule> all() {
        return Map.of(
                "Add", ArithmeticRules::add,
                "Sub", ArithmeticRules::subtract,
                "Mul", ArithmeticRules::multiply,
                "Div", ArithmeticRules::divide,
                "Pow", ArithmeticRules::power,
                "Sum", ArithmeticRules::sum,
                "Mean", ArithmeticRules::mean);
    }

    private static void add(Node node, Backward backward) {
        pass(node, 0, backward.gradient(node), backward);
        pass(node, 1, backward.gradient(node), backward);
    }

    private static void subtract(Node node, Backward backward) {
        pass(node, 0, backward.gradient(node), backward);
        passNegative(node, 1, backward.gradient(node), backward);
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
            passNegative(node, 1, backward.op("Mul", quotient, node.output()), backward);
        }
    }

    private static void power(Node node, Backward backward) {
        Double exponent = exponent(node, backward);
        if (backward.wants(node, 0)) {
            String factor = exponent == null ? slope(node, backward) : slope(node.input(0), exponent, backward);
            pass(node, 0, backward.op("Mul", backward.gradient(node), factor), backward);
        }
        if (backward.wants(node, 1)) {
            pass(node, 1, backward.op("Mul", backward.gradient(node), growth(node, backward)), backward);
        }
    }

    /** The exponent if it is a constant with one element, of an integer or floating-point type; otherwise null. */
    private static @Nullable Double exponent(Node node, Backward backward) {
        long[] whole = backward.constantIntegers(node.input(1));
        return whole != null && whole.length == 1 ? Double.valueOf(whole[0]) : backward.constantReal(node.input(1));
    }

    /** The derivative of x^p with respect to x for a constant exponent: p x^(p - 1). */
    private static String slope(String x, double p, Backward backward) {
        if (p == 2) {
            return backward.scaled(x, 2);
        }
        if (p == 3) {
            return backward.scaled(backward.op("Mul", x, x), 3);
        }
        // At x = 0 the power -1 is infinite, and 0 times infinity is NaN.
        String power = p == 0 ? x : backward.op("Pow", x, backward.real(p - 1));
        return backward.scaled(power, p);
    }

    private static String slope(Node node, Backward backward) {
        String p = backward.floating(node.input(1));
        String power = backward.op("Pow", node.input(0), backward.op("Sub", p, backward.real(1)));
        return backward.op("Mul", p, power);
    }

    /** The derivative of x^p with respect to p: x^p log(x), and 0 where x is not positive. */
    private static String growth(Node node, Backward backward) {
        String x = node.input(0);
        String positive = backward.op("Greater", x, backward.real(0));
        String log = backward.op("Where", positive, backward.op("Log", x), backward.real(0));
        return backward.op("Mul", node.output(), log);
    }

    private static void sum(Node node, Backward backward) {
        for (int i = 0; i < node.inputs(); i++) {
            pass(node, i, backward.gradient(node), backward);
        }
    }

    private static void mean(Node node, Backward backward) {
        String share = backward.scaled(backward.gradient(node), 1.0 / node.inputs());
        for (int i = 0; i < node.inputs(); i++) {
            pass(node, i, share, backward);
        }
    }

    /**
     * Subtracts a gradient from that of an operand; the gradient is summed to the operand's shape before it is negated.
     */
    private static void passNegative(Node node, int input, String gradient, Backward backward) {
        if (backward.wants(node, input)) {
            String summed = backward.unbroadcast(gradient, node.input(input), node.output());
            backward.add(node.input(input), backward.op("Neg", summed));
        }
    }

    /** Adds a gradient that has the shape of the result to that of an operand, which was broadcast to this shape. */
    static void pass(Node node, int input, String gradient, Backward backward) {
        if (backward.wants(node, input)) {
            backward.add(node.input(input), backward.unbroadcast(gradient, node.input(input), node.output()));
        }
    }
}
