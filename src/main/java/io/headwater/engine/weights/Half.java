package io.headwater.engine.weights;

/**
 * Conversion to and from IEEE 754-2019 binary16, which Java supports only since release 20. Conversion from float
 * rounds to nearest, ties to even; values that are too large become infinity.
 */
public final class Half {
    private static final int INFINITY = 0x7c00;
    private static final int FLOAT_INFINITY = 0x7f800000;
    /**
     * Halfway between the largest half, 65504, and the next multiple of its spacing; this tie rounds to even, which is
     * infinity.
     */
    private static final int FLOAT_OVERFLOW = Float.floatToRawIntBits(65520f);
    /** The smallest normal half. */
    private static final int FLOAT_NORMAL = Float.floatToRawIntBits(0x1p-14f);

    private Half() {}

    /** The bits of the half nearest to {@code value}. A NaN keeps the upper bits of its payload. */
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
            // The exponent's bias changes from 127 to 15; rounding up may carry from the fraction into the exponent.
            int odd = magnitude >>> 13 & 1;
            return magnitude - (112 << 23) + 0xfff + odd >>> 13;
        }
        // Floats from 0.5 to 1 have the same spacing as subnormal halves, so the addition rounds correctly.
        return Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) + 0.5f) - Float.floatToRawIntBits(0.5f);
    }

    /** The float that is equal to the half with these bits; every half can be represented as a float. */
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

    /** Whether {@code values} can be converted to halves and back without changing a bit. */
    public static boolean holds(float[] values) {
        for (float value : values) {
            if (Float.floatToRawIntBits(widen(of(value))) != Float.floatToRawIntBits(value)) {
                return false;
            }
        }
        return true;
    }
}
