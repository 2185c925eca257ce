package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import onnx.Onnx.AttributeProto;

class ActivationRulesTest {
    /** A function with the arguments at which it is tested, and its first operator set. */
    private record Function(String type, int opset, DoubleUnaryOperator argument, AttributeProto... attributes) {
        @Override
        public String toString() {
            return type;
        }
    }

    @Provide
    Arbitrary<Function> smooth() {
        return Arbitraries.of(
                new Function("Sqrt", 7, x -> Math.abs(x) + 0.5),
                new Function("Tanh", 7, x -> x),
                new Function("Sigmoid", 7, x -> x),
                new Function("Relu", 7, ActivationRulesTest::awayFromZero),
                new Function("Exp", 7, x -> x),
                new Function("Log", 7, x -> Math.abs(x) + 0.5),
                new Function("Abs", 7, ActivationRulesTest::awayFromZero),
                new Function("Neg", 7, x -> x),
                new Function("Reciprocal", 7, x -> Math.abs(x) + 0.5));
    }

    @Provide
    Arbitrary<Function> single() {
        return Arbitraries.of(
                new Function("Erf", 9, x -> x),
                new Function("LeakyRelu", 7, ActivationRulesTest::awayFromZero),
                new Function("LeakyRelu", 7, ActivationRulesTest::awayFromZero, attribute("alpha", -0.5f)),
                new Function("Elu", 7, ActivationRulesTest::awayFromZero),
                new Function("Elu", 7, ActivationRulesTest::awayFromZero, attribute("alpha", 0.5f)),
                new Function("Celu", 12, ActivationRulesTest::awayFromZero, attribute("alpha", 2f)),
                new Function("Selu", 7, ActivationRulesTest::awayFromZero),
                new Function("ThresholdedRelu", 10, x -> awayFromZero(x) + 0.5, attribute("alpha", 0.5f)),
                new Function("Sin", 7, x -> x),
                new Function("Cos", 7, x -> x),
                new Function("Softplus", 7, x -> x),
                new Function("Softsign", 7, ActivationRulesTest::awayFromZero),
                new Function(
                        "HardSigmoid", 7, x -> awayFromZero(x) - 2, attribute("alpha", 0.25f), attribute("beta", 0.5f)),
                new Function(
                        "HardSigmoid", 7, x -> awayFromZero(x) + 2, attribute("alpha", 0.25f), attribute("beta", 0.5f)),
                new Function("HardSwish", 14, x -> awayFromZero(x) - 3),
                new Function("HardSwish", 14, x -> awayFromZero(x) + 3),
                new Function("Mish", 18, x -> x),
                new Function("Gelu", 20, x -> x),
                new Function("Gelu", 20, x -> x, attribute("approximate", "tanh")));
    }

    @Property(tries = 100)
    void shouldPassFunctions(
            @ForAll("smooth") Function function,
            @ForAll boolean late,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck.at(late ? 21 : function.opset(), seed)
                .wants("x", function.argument(), 2, 3)
                .varying("x", 0)
                .node(function.type(), List.of("x"), List.of("y"), function.attributes())
                .holds();
    }

    @Property(tries = 100)
    void shouldPassFunctionsOfSinglePrecision(
            @ForAll("single") Function function,
            @ForAll boolean late,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck.at(late ? 21 : function.opset(), seed)
                .inSinglePrecision()
                .wants("x", function.argument(), 2, 3)
                .varying("x", 0)
                .node(function.type(), List.of("x"), List.of("y"), function.attributes())
                .holds();
    }

    /** Keeps values away from zero, where some functions have a kink. */
    private static double awayFromZero(double x) {
        return x < 0 ? x - 0.1 : x + 0.1;
    }
}
