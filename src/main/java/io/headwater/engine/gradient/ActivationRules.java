package io.headwater.engine.gradient;

import java.util.HashMap;
import java.util.Map;

/**
 * Functions of each element: the gradient is multiplied by the derivative. Where the derivative follows from the result, the
 * result is saved and not the input, because the next node mostly needs it too.
 */
final class ActivationRules {
    private static final double SQRT_HALF = Math.sqrt(0.5);
    private static final double DENSITY = 1 / Math.sqrt(2 * Math.PI);
    private static final double TANH_SCALE = Math.sqrt(2 / Math.PI);
    private static final double TANH_CUBE = 0.044715;

    /** The derivative at each element. */
    @FunctionalInterface
    private interface Derivative {
        String of(Node node, Backward backward);
    }

    private ActivationRules() {}

    static Map<String, Rule> all() {
        Map<String, Rule> rules = new HashMap<>();
        rules.put("Erf", times(ActivationRules::erf));
        rules.put("Sqrt", ActivationRules::sqrt);
        rules.put("Tanh", times(ActivationRules::tanh));
        rules.put("Sigmoid", times(ActivationRules::sigmoid));
        rules.put("Relu", times((node, backward) -> backward.op("Sign", node.output())));
        rules.put("Gelu", times(ActivationRules::gelu));
        return rules;
    }

    private static Rule times(Derivative derivative) {
        return (node, backward) -> backward.add(
                node.input(0), backward.op("Mul", backward.gradient(node), derivative.of(node, backward)));
    }

    /** 2 / sqrt(pi) exp(-x²). */
    private static String erf(Node node, Backward backward) {
        String square = backward.op("Mul", node.input(0), node.input(0));
        return backward.scaled(backward.op("Exp", backward.op("Neg", square)), 2 / Math.sqrt(Math.PI));
    }

    private static void sqrt(Node node, Backward backward) {
        String half = backward.scaled(backward.gradient(node), 0.5);
        backward.add(node.input(0), backward.op("Div", half, node.output()));
    }

    private static String tanh(Node node, Backward backward) {
        return lessSquare(node.output(), backward);
    }

    /** 1 - x². */
    private static String lessSquare(String x, Backward backward) {
        return backward.op("Sub", backward.real(1), backward.op("Mul", x, x));
    }

    private static String sigmoid(Node node, Backward backward) {
        return backward.op("Mul", node.output(), backward.op("Sub", backward.real(1), node.output()));
    }

    private static String gelu(Node node, Backward backward) {
        return node.text("approximate", "none").equals("tanh")
                ? tanhGelu(node.input(0), backward)
                : erfGelu(node.input(0), backward);
    }

    /** The derivative of x F(x), F being the normal distribution and f its density: F(x) + x f(x). */
    static String erfGelu(String x, Backward backward) {
        String erf = backward.op("Erf", backward.scaled(x, SQRT_HALF));
        String distribution = backward.scaled(backward.op("Add", erf, backward.real(1)), 0.5);
        String exponent = backward.op("Mul", backward.scaled(x, -0.5), x);
        String density = backward.scaled(backward.op("Exp", exponent), DENSITY);
        return backward.op("Add", distribution, backward.op("Mul", x, density));
    }

    /** The derivative of x (1 + tanh u) / 2, where u = sqrt(2 / pi) (x + 0.044715 x³). */
    static String tanhGelu(String x, Backward backward) {
        String square = backward.op("Mul", x, x);
        String factor = backward.op("Add", backward.scaled(square, TANH_SCALE * TANH_CUBE), backward.real(TANH_SCALE));
        String tanh = backward.op("Tanh", backward.op("Mul", x, factor));
        String slope = backward.op(
                "Add", backward.scaled(square, 3 * TANH_SCALE * TANH_CUBE), backward.real(TANH_SCALE));
        String steep = backward.op("Mul", backward.op("Mul", x, slope), lessSquare(tanh, backward));
        return backward.scaled(
                backward.op("Add", backward.op("Add", tanh, backward.real(1)), steep), 0.5);
    }
}
