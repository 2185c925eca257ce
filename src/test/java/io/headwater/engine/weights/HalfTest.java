package io.headwater.engine.weights;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HalfTest {
    private static final int POSITIVE = 0x7c00; // from zero to the largest value below infinity

    @Test
    void shouldWidenEveryHalfToItsValueAndBack() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            short half = (short) bits;
            float wide = Half.widen(half);

            if ((bits & 0x7c00) == 0x7c00 && (bits & 0x3ff) != 0) {
                assertThat(wide).isNaN();
            } else {
                assertThat((double) wide).as("half %04x", bits).isEqualTo(value(bits));
            }
            assertThat(Half.of(wide)).as("half %04x", bits).isEqualTo(half);
        }
    }

    @Test
    void shouldRoundToTheNearestAndInATieToTheEvenOne() {
        for (int bits = 0; bits < POSITIVE; bits++) {
            double below = value(bits);
            double above = bits + 1 == POSITIVE ? 65536 : value(bits + 1);
            float middle = (float) ((below + above) / 2); // exact, because a float has thirteen more bits of precision

            for (int sign : new int[] {0, 0x8000}) {
                float signed = sign == 0 ? middle : -middle;
                float inner = sign == 0 ? Math.nextDown(signed) : Math.nextUp(signed);
                float outer = sign == 0 ? Math.nextUp(signed) : Math.nextDown(signed);
                assertThat(Half.of(inner))
                        .as("below the middle after %04x", bits)
                        .isEqualTo((short) (sign | bits));
                assertThat(Half.of(outer))
                        .as("above the middle after %04x", bits)
                        .isEqualTo((short) (sign | bits + 1));
                assertThat(Half.of(signed)).as("the middle after %04x", bits).isEqualTo((short)
                        (sign | (bits % 2 == 0 ? bits : bits + 1)));
            }
        }
    }

    @Test
    void shouldKeepNaNAndWhatLiesBeyond() {
        assertThat(Half.widen(Half.of(Float.intBitsToFloat(0x7f800001)))).isNaN();
        assertThat(Half.widen(Half.of(Float.MAX_VALUE))).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(Half.widen(Half.of(-Float.MAX_VALUE))).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(Half.of(Float.MIN_VALUE)).isZero();
        assertThat(Half.of(-Float.MIN_VALUE)).isEqualTo((short) 0x8000);
    }

    @Test
    void shouldHoldOnlyWhatLosesNoBit() {
        assertThat(Half.holds(new float[] {0f, -0f, 1f, 0.5f, 65504f, Float.NEGATIVE_INFINITY}))
                .isTrue();
        assertThat(Half.holds(new float[] {1f, 0.1f})).isFalse();
        assertThat(Half.holds(new float[] {65505f})).isFalse();
        assertThat(Half.holds(new float[] {Float.MIN_VALUE})).isFalse();
        assertThat(Half.holds(new float[0])).isTrue();
    }

    /** Returns the value of the bits according to IEEE 754. */
    private static double value(int bits) {
        int exponent = bits >>> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        double magnitude = exponent == 0x1f
                ? Double.POSITIVE_INFINITY
                : exponent == 0 ? fraction * Math.pow(2, -24) : (1024 + fraction) * Math.pow(2, exponent - 25);
        return (bits & 0x8000) == 0 ? magnitude : -magnitude;
    }
}
