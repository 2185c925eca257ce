package io.headwater.engine.gradient;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ArithmeticRulesTest {
    private static final String[] OPERATORS = {"Add", "Sub", "Mul", "Div"};

    /** Away from zero, where a quotient has no derivative. */
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

    /** The shape [2, 3, 4] with axes of size 1 where {@code bits} says, without its first {@code missing} axes. */
    private static long[] stretched(int bits, int missing) {
        long[] full = {2, 3, 4};
        long[] shape = new long[3 - missing];
        for (int axis = missing; axis < 3; axis++) {
            shape[axis - missing] = (bits >> axis & 1) == 1 ? 1 : full[axis];
        }
        return shape;
    }
}
