package io.headwater.engine.gradient;

import java.util.Map;
import java.util.function.BiFunction;

/** Gradients of the fused activations of ONNX Runtime's own operator domain, some of which add a bias. */
final class FusedActivationRules {
    private static final float QUICK = 1.702f;

    private FusedActivationRules() {}

    static Map<String, GradientRule> all() {
        return Map.of(
                "com.microsoft:Gelu", (node, backward) -> biased(node, ActivationRules::erfGelu, backward),
                "com.microsoft:BiasGelu", (node, backward) -> biased(node, ActivationRules::erfGelu, backward),
                "com.microsoft:FastGelu", (node, backward) -> biased(node, ActivationRules::tanhGelu, backward),
                "com.microsoft:QuickGelu", ActivationRules.times(FusedActivationRules::quickGelu));
    }

    private static void biased(Node node, BiFunction<String, Backward, String> derivative, Backward backward) {
        String x = node.has(1) ? backward.op("Add", node.input(0), node.input(1)) : node.input(0);
        String gradient = backward.op("Mul", backward.gradient(node), derivative.apply(x, backward));
        backward.add(node.input(0), gradient);
        ArithmeticRules.pass(node, 1, gradient, backward);
    }

    /** The derivative of x s, where s = sigmoid(a x): s (1 + a x (1 - s)). */
    private static String quickGelu(Node node, Backward backward) {
        String scaled = backward.scaled(node.input(0), node.real("alpha", QUICK));
        String sigmoid = backward.op("Sigmoid", scaled);
        String rest = backward.op("Sub", backward.real(1), sigmoid);
        String slope = backward.op("Add", backward.op("Mul", scaled, rest), backward.real(1));
        return backward.op("Mul", sigmoid, slope);
    }
}
