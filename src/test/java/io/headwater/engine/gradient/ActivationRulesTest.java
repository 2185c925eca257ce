package io.headwater.engine.gradient;

import static io.headwater.engine.gradient.Backward.attribute;

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
    /** Arguments a function is tried at, and the first opset that has it. */
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
                new Function("Relu", 7, ActivationRulesTest::awayFromZero));
    }

    @Provide
    Arbitrary<Function> single() {
        return Arbitraries.of(
                new Function("Erf", 9, x -> x),
                new Function("Gelu", 20, x -> x),
                new Function("Gelu", 20, x -> x, attribute("approximate", "tanh")));
    }

    @Property(tries = 100)
    void shouldPassFunctions(
            @ForAll("smooth") Function function, @ForAll boolean late, @ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck.at(late ? 21 : function.opset(), seed)
                .wants("x", function.argument(), 2, 3)
                .varying("x", 0)
                .node(function.type(), List.of("x"), List.of("y"), function.attributes())
                .holds();
    }

    @Property(tries = 100)
    void shouldPassFunctionsOfSinglePrecision(
            @ForAll("single") Function function, @ForAll boolean late, @ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck.at(late ? 21 : function.opset(), seed)
                .inSinglePrecision()
                .wants("x", function.argument(), 2, 3)
                .varying("x", 0)
                .node(function.type(), List.of("x"), List.of("y"), function.attributes())
                .holds();
    }

    /** Away from zero, where some functions have a bend. */
    private static double awayFromZero(double x) {
        return x < 0 ? x - 0.1 : x + 0.1;
    }
}
