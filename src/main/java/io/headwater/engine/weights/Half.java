package io.headwater.engine.weights;

/**
 * IEEE 754-2019 binary16, which Java knows from release 20 on only. Conversion from float rounds to nearest, ties to even;
 * what is too large becomes infinity.
 */
public final class Half {
    private static final int INFINITY = 0x7c00;
    private static final int FLOAT_INFINITY = 0x7f800000;
    /** Half way between the largest half, 65504, and the next there would be: ties go to the even one, infinity. */
    private static final int FLOAT_OVERFLOW = Float.floatToRawIntBits(65520f);
    /** The smallest normal half. */
    private static final int FLOAT_NORMAL = Float.floatToRawIntBits(0x1p-14f);

    private Half() {}

    /** The bits of the half nearest to {@code value}. Of a NaN, the upper bits of its payload stay. */
    public static short of(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int magnitude = bits & 0x7fffffff;
        return (short) (sign | ofMagnitude(magnitude));
    }

    private static int ofMagnitude(int magnitude) {
        if (magnitude > FLOAT_INFINITY) {
            int payload = magnitude >>> 13 & 0x3ff;
            return INFINITY | (payload == 0 ? 0x200 : payload);
        }
        if (magnitude >= FLOAT_OVERFLOW) {
            return INFINITY;
        }
        if (magnitude >= FLOAT_NORMAL) {
            // The exponent's bias changes from 127 to 15; what rounds up past the fraction carries into the exponent.
            int odd = magnitude >>> 13 & 1;
            return magnitude - (112 << 23) + 0xfff + odd >>> 13;
        }
        // Floats from 0.5 to 1 are as far apart as subnormal halves, so the addition rounds as it should.
        return Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) + 0.5f) - Float.floatToRawIntBits(0.5f);
    }

    /** The float equal to the half with these bits; every half has one. */
    public static float widen(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = half >>> 10 & 0x1f;
        int fraction = half & 0x3ff;
        if (exponent == 0) {
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * 0x1p-24f));
        }
        int magnitude = exponent == 0x1f ? FLOAT_INFINITY : exponent + 112 << 23;
        return Float.intBitsToFloat(sign | magnitude | fraction << 13);
    }

    /** Whether halves can hold {@code values} without changing a bit. */
    public static boolean holds(float[] values) {
        for (float value : values) {
            if (Float.floatToRawIntBits(widen(of(value))) != Float.floatToRawIntBits(value)) {
                return false;
            }
        }
        return true;
    }
}
