package io.headwater.engine.gradient;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ArithmeticRulesTest {
    private static final String[] OPERATORS = {"Add", "Sub", "Mul", "Div"};

    /** Keeps values away from zero, where a quotient has no derivative. */
    private static double away(double x) {
        return x < 0 ? x - 0.5 : x + 0.5;
    }

    @Property(tries = 60)
    void shouldPassArithmeticWithAnyBroadcast(
            @ForAll @IntRange(max = 3) int operator,
            @ForAll @IntRange(max = 7) int stretchedLeft,
            @ForAll @IntRange(max = 7) int stretchedRight,
            @ForAll @IntRange(max = 2) int missing,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        long[] left = stretched(stretchedLeft, 0);
        long[] right = stretched(stretchedRight, missing);

        GradientCheck.at(13, seed)
                .wants("a", left)
                .wants("b", ArithmeticRulesTest::away, right)
                .node(OPERATORS[operator], List.of("a", "b"), List.of("y"))
                .holds();
    }

    @Property(tries = 30)
    void shouldPassSumsAndMeansOfAnyNumber(
            @ForAll boolean mean,
            @ForAll @IntRange(min = 1, max = 3) int terms,
            @ForAll @IntRange(max = 7) int stretched,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck.at(13, seed)
                .inSinglePrecision()
                .wants("a", 2, 3, 4)
                .wants("b", stretched(stretched, 0))
                .wants("c", 4)
                .node(mean ? "Mean" : "Sum", List.of("a", "b", "c").subList(0, terms), List.of("y"))
                .holds();
    }

    @Property(tries = 30)
    void shouldPassConstantPowers(
            @ForAll @IntRange(max = 5) int power, @ForAll @IntRange(min = 1, max = 1000) int seed) {
        double[] powers = {2, 3, 0.5, -1, 1, 0};
        boolean positive = powers[power] == 0.5 || powers[power] == -1;
        GradientCheck.at(13, seed)
                .wants("x", x -> positive ? Math.abs(x) + 0.5 : x, 2, 3)
                .varying("x", 0)
                .constant("p", x -> powers[power])
                .node("Pow", List.of("x", "p"), List.of("y"))
                .holds();
    }

    @Property(tries = 10)
    void shouldPassWholePowers(@ForAll boolean many, @ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck check = GradientCheck.at(13, seed).wants("x", 2, 3);
        (many ? check.integers("p", 1, 2, 3) : check.integers("p", 4))
                .node("Pow", List.of("x", "p"), List.of("y"))
                .holds();
    }

    @Property(tries = 30)
    void shouldPassAnyPower(
            @ForAll @IntRange(max = 7) int stretchedLeft,
            @ForAll @IntRange(max = 7) int stretchedRight,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck.at(13, seed)
                .wants("x", x -> Math.abs(x) + 0.5, stretched(stretchedLeft, 0))
                .wants("p", stretched(stretchedRight, 0))
                .node("Pow", List.of("x", "p"), List.of("y"))
                .holds();
    }

    /**
     * Returns the shape [2, 3, 4], with size 1 for the axes that {@code bits} selects, without its first {@code
     * missing} axes.
     */
    private static long[] stretched(int bits, int missing) {
        long[] full = {2, 3, 4};
        long[] shape = new long[3 - missing];
        for (int axis = missing; axis < 3; axis++) {
            shape[axis - missing] = (bits >> axis & 1) == 1 ? 1 : full[axis];
        }
        return shape;
    }
}
