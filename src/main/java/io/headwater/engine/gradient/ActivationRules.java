package io.headwater.engine.gradient;

import java.util.HashMap;
import java.util.Map;

/**
 * Gradients of element-wise functions: the incoming gradient is multiplied by the derivative of the function. If the
 * derivative can be computed from the result, the result is saved instead of the input, because the next node mostly
 * needs it too.
 */
final class ActivationRules {
    private static final double SQRT_HALF = Math.sqrt(0.5);
    private static final double LOG_DENSITY = -0.5 * Math.log(2 * Math.PI);
    private static final double TANH_SCALE = Math.sqrt(2 / Math.PI);
    private static final double TANH_CUBE = 0.044715;

    /** Computes the derivative at each element. */
    @FunctionalInterface
    interface Derivative {
        String of(Node node, Backward backward);
    }

    private ActivationRules() {}

    static Map<String, GradientRule> all() {
        Map<String, GradientRule> rules = new HashMap<>();
        rules.put("Erf", times(ActivationRules::erf));
        rules.put("Sqrt", ActivationRules::sqrt);
        rules.put("Tanh", times(ActivationRules::tanh));
        rules.put("Sigmoid", times(ActivationRules::sigmoid));
        rules.put("Relu", times((node, backward) -> backward.op("Sign", node.output())));
        rules.put("Gelu", times(ActivationRules::gelu));
        rules.put("LeakyRelu", times(ActivationRules::leakyRelu));
        rules.put("Elu", times(ActivationRules::elu));
        rules.put("Celu", times(ActivationRules::celu));
        rules.put("Selu", times(ActivationRules::selu));
        rules.put("ThresholdedRelu", times(ActivationRules::thresholdedRelu));
        rules.put("Softplus", times((node, backward) -> backward.op("Sigmoid", node.input(0))));
        rules.put("Softsign", times(ActivationRules::softsign));
        rules.put("HardSigmoid", times(ActivationRules::hardSigmoid));
        rules.put("HardSwish", times(ActivationRules::hardSwish));
        rules.put("Mish", times(ActivationRules::mish));
        rules.put("Exp", times((node, backward) -> node.output()));
        rules.put("Abs", times((node, backward) -> backward.op("Sign", node.input(0))));
        rules.put("Sin", times((node, backward) -> backward.op("Cos", node.input(0))));
        rules.put("Cos", times((node, backward) -> backward.op("Neg", backward.op("Sin", node.input(0)))));
        rules.put("Reciprocal", times(ActivationRules::reciprocal));
        rules.put("Log", ActivationRules::log);
        rules.put("Neg", ActivationRules::negative);
        return rules;
    }

    static GradientRule times(Derivative derivative) {
        return (node, backward) ->
                backward.add(node.input(0), backward.op("Mul", backward.gradient(node), derivative.of(node, backward)));
    }

    /** The derivative of erf(x), 2 / sqrt(pi) exp(-x²), with the factor moved into the exponent. */
    private static String erf(Node node, Backward backward) {
        String square = backward.op("Mul", node.input(0), node.input(0));
        return backward.op("Exp", backward.op("Sub", backward.real(Math.log(2 / Math.sqrt(Math.PI))), square));
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

    /** The derivative of x F(x), where F is the cumulative normal distribution and f its density: F(x) + x f(x). */
    static String erfGelu(String x, Backward backward) {
        String erf = backward.op("Erf", backward.scaled(x, SQRT_HALF));
        String distribution = backward.scaled(backward.op("Add", erf, backward.real(1)), 0.5);
        String square = backward.op("Mul", backward.scaled(x, 0.5), x);
        String density = backward.op("Exp", backward.op("Sub", backward.real(LOG_DENSITY), square));
        return backward.op("Add", distribution, backward.op("Mul", x, density));
    }

    /** The derivative of x (1 + tanh u) / 2, where u = sqrt(2 / pi) (x + 0.044715 x³). */
    static String tanhGelu(String x, Backward backward) {
        String square = backward.op("Mul", x, x);
        String factor = backward.op("Add", backward.scaled(square, TANH_SCALE * TANH_CUBE), backward.real(TANH_SCALE));
        String tanh = backward.op("Tanh", backward.op("Mul", x, factor));
        String slope =
                backward.op("Add", backward.scaled(square, 3 * TANH_SCALE * TANH_CUBE), backward.real(TANH_SCALE));
        String steep = backward.op("Mul", backward.op("Mul", x, slope), lessSquare(tanh, backward));
        return backward.scaled(backward.op("Add", backward.op("Add", tanh, backward.real(1)), steep), 0.5);
    }

    private static String choose(String condition, String then, String otherwise, Backward backward) {
        return backward.op("Where", condition, then, otherwise);
    }

    private static String leakyRelu(Node node, Backward backward) {
        float alpha = node.real("alpha", 0.01f);
        // With a positive slope the result has the sign of the input, so the saved result can be used in its place.
        String sign = alpha > 0 ? node.output() : node.input(0);
        String below = backward.op("Less", sign, backward.real(0));
        return choose(below, backward.real(alpha), backward.real(1), backward);
    }

    /** Below 0 the result is a (exp(x) - 1), so the derivative is the result + a. */
    private static String elu(Node node, Backward backward) {
        double alpha = node.real("alpha", 1);
        String below = backward.op("Less", node.input(0), backward.real(0));
        return choose(below, backward.op("Add", node.output(), backward.real(alpha)), backward.real(1), backward);
    }

    /** Below 0 the result is a (exp(x / a) - 1), so the derivative is the result / a + 1. */
    private static String celu(Node node, Backward backward) {
        String below = backward.op("Min", node.output(), backward.real(0));
        return backward.op("Add", backward.scaled(below, 1.0 / node.real("alpha", 1)), backward.real(1));
    }

    /** Below 0 the result is c a (exp(x) - 1), so the derivative is the result + c a; above 0 it is c. */
    private static String selu(Node node, Backward backward) {
        double alpha = node.real("alpha", 1.67326319217681884765625f);
        double gamma = node.real("gamma", 1.05070102214813232421875f);
        String below = backward.op("Less", node.input(0), backward.real(0));
        String decay = backward.op("Add", node.output(), backward.real(gamma * alpha));
        return choose(below, decay, backward.real(gamma), backward);
    }

    private static String thresholdedRelu(Node node, Backward backward) {
        String above = backward.op("Greater", node.input(0), backward.real(node.real("alpha", 1)));
        return choose(above, backward.real(1), backward.real(0), backward);
    }

    /** The derivative of y = x / (1 + |x|): (1 - |y|)². */
    private static String softsign(Node node, Backward backward) {
        String rest = backward.op("Sub", backward.real(1), backward.op("Abs", node.output()));
        return backward.op("Mul", rest, rest);
    }

    private static String hardSigmoid(Node node, Backward backward) {
        String above = backward.op("Greater", node.output(), backward.real(0));
        String below = backward.op("Less", node.output(), backward.real(1));
        String slope = backward.real(node.real("alpha", 0.2f));
        return choose(backward.op("And", above, below), slope, backward.real(0), backward);
    }

    /** The derivative of x max(0, min(1, x / 6 + 1 / 2)). */
    private static String hardSwish(Node node, Backward backward) {
        String x = node.input(0);
        String slope = backward.op("Add", backward.scaled(x, 1.0 / 3), backward.real(0.5));
        String below = backward.op("Less", x, backward.real(3));
        String above = backward.op("Greater", x, backward.real(-3));
        String upper = choose(below, slope, backward.real(1), backward);
        return choose(above, upper, backward.real(0), backward);
    }

    /** The derivative of x t, where t = tanh(softplus(x)): t + x sigmoid(x) (1 - t²). */
    private static String mish(Node node, Backward backward) {
        String x = node.input(0);
        String tanh = backward.op("Tanh", backward.op("Softplus", x));
        String steep = backward.op("Mul", backward.op("Mul", x, backward.op("Sigmoid", x)), lessSquare(tanh, backward));
        return backward.op("Add", tanh, steep);
    }

    private static String reciprocal(Node node, Backward backward) {
        return backward.op("Neg", backward.op("Mul", node.output(), node.output()));
    }

    private static void log(Node node, Backward backward) {
        backward.add(node.input(0), backward.op("Div", backward.gradient(node), node.input(0)));
    }

    private static void negative(Node node, Backward backward) {
        backward.add(node.input(0), backward.op("Neg", backward.gradient(node)));
    }
}
