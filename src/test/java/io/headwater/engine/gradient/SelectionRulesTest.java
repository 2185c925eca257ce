package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;

class SelectionRulesTest {

    @Property(tries = 40)
    void shouldPassWhere(
            @ForAll @IntRange(max = 7) int left,
            @ForAll @IntRange(max = 7) int right,
            @ForAll boolean computed,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        TensorProto condition = TensorProto.newBuilder()
                .setName("c")
                .setDataType(DataType.BOOL_VALUE)
                .addDims(3)
                .addDims(1)
                .addInt32Data(1)
                .addInt32Data(0)
                .addInt32Data(1)
                .build();
        GradientCheck check = GradientCheck.at(9, seed)
                .wants("a", stretched(left))
                .wants("b", stretched(right))
                .constant(condition);
        if (computed) {
            check.node("Not", List.of("c"), List.of("d"));
        }
        check.node("Where", List.of(computed ? "d" : "c", "a", "b"), List.of("y"))
                .holds();
    }

    @Property(tries = 40)
    void shouldPassMaxAndMinOfAnyNumber(
            @ForAll boolean least,
            @ForAll @IntRange(min = 1, max = 3) int operands,
            @ForAll @IntRange(max = 7) int stretched,
            @ForAll @IntRange(min = 8, max = 13) int opset,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck.at(opset, seed)
                .within(1e-7, 1e-5)
                .wants("a", 2, 3, 4)
                .varying("a", 0)
                .wants("b", stretched(stretched | 1))
                .wants("c", 4)
                .node(least ? "Min" : "Max", List.of("a", "b", "c").subList(0, operands), List.of("y"))
                .holds();
    }

    @Property(tries = 20)
    void shouldGiveTheWholeGradientToTheFirstOfEquals(@ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck.at(13, seed)
                .wants("a", 2, 3)
                .node("Max", List.of("a", "a"), List.of("y"))
                .holds();
    }

    @Property(tries = 40)
    void shouldPassClip(
            @ForAll boolean asInput,
            @ForAll boolean below,
            @ForAll boolean above,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck check = GradientCheck.at(asInput ? 12 : 7, seed)
                .inSinglePrecision()
                .wants("x", SelectionRulesTest::offHalf, 3, 4);
        if (asInput) {
            check.constant("low", any -> -0.5)
                    .constant("high", any -> 0.5)
                    .node("Clip", List.of("x", below ? "low" : "", above ? "high" : ""), List.of("y"));
        } else {
            check.node("Clip", List.of("x"), List.of("y"), attribute("min", -0.5f), attribute("max", 0.5f));
        }
        check.holds();
    }

    @Property(tries = 30)
    void shouldPassPreluWithAnySlope(
            @ForAll @IntRange(max = 7) int stretched,
            @ForAll @IntRange(max = 2) int missing,
            @ForAll boolean varying,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        long[] full = stretched(stretched);
        long[] slope = Arrays.copyOfRange(full, missing, 3);
        GradientCheck check = GradientCheck.at(9, seed)
                .inSinglePrecision()
                .wants("x", SelectionRulesTest::offZero, 2, 3, 4)
                .wants("slope", slope);
        if (varying && slope[slope.length - 1] == 1) {
            check.varying("x", 2);
        }
        check.node("PRelu", List.of("x", "slope"), List.of("y")).holds();
    }

    private static double offHalf(double x) {
        return Math.abs(Math.abs(x) - 0.5) < 0.05 ? x * 2 : x;
    }

    private static double offZero(double x) {
        return x < 0 ? x - 0.1 : x + 0.1;
    }

    /** Returns the shape [2, 3, 4], with size 1 for the axes that {@code bits} selects. */
    private static long[] stretched(int bits) {
        long[] shape = {2, 3, 4};
        for (int axis = 0; axis < 3; axis++) {
            if ((bits >> axis & 1) == 1) {
                shape[axis] = 1;
            }
        }
        return shape;
    }
}
