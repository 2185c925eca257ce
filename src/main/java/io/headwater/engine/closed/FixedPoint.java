package io.headwater.engine.closed;

/**
 * Real numbers as integer multiples of 2^-20, so that their sums and the sums of their products are exact and do not
 * depend on the order of addition. A number is rounded to the nearest multiple, ties to even, and saturated at
 * {@code ±2^27}; its integer therefore has at most 47 bits and a sign.
 *
 * <p>For matrix products, an integer is divided into two limbs of 24 bits, {@code high * 2^24 + low} with both between
 * -2^23 and 2^23. The sum of the products of two limbs over {@value #EXACT_ROWS} rows is at most 2^52, so a matrix
 * product in double precision computes it exactly, in whatever order it adds.
 */
final class FixedPoint {
    /** The integer of 1. */
    static final long ONE = 1 << 20;
    /** The unit of sums of numbers. */
    static final double UNIT = 0x1p-20;
    /** The unit of sums of products. */
    static final double SQUARE_UNIT = 0x1p-40;
    /** The number of rows over which a matrix product of limbs is exact. */
    static final int EXACT_ROWS = 64;
    /** Bits of a limb. */
    static final int LIMB_BITS = 24;

    private static final double LARGEST = 0x1p27;
    private static final double LIMB = 0x1p24;
    /** The largest integer that is a low limb alone. */
    private static final long ONE_LIMB = 1 << 23;

    private FixedPoint() {}

    /** The integer of a finite number. */
    static long of(float value) {
        double bounded = Math.max(-LARGEST, Math.min(LARGEST, value));
        return (long) Math.rint(bounded * ONE);
    }

    /** Whether {@code integer} needs a high limb. */
    static boolean isWide(long integer) {
        return integer > ONE_LIMB || integer < -ONE_LIMB;
    }

    /** The high limb, or 0 for an integer that is a low limb alone. */
    static double high(long integer) {
        return isWide(integer) ? Math.rint(integer / LIMB) : 0;
    }

    /** What remains of the integer without its high limb. */
    static double low(long integer) {
        return integer - LIMB * high(integer);
    }
}
