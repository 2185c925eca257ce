package io.headwater.standalone.play;

import io.headwater.engine.SplitMix64;

/** Fractions from a seed, the same on every platform. */
final class Randomness {
    private static final double STEP = 0x1p-53;

    private final SplitMix64 bits;

    Randomness(long seed, long stream) {
        bits = new SplitMix64(seed, stream);
    }

    /** A number from 0 to below 1, of 53 bits. */
    double fraction() {
        return (bits.nextLong() >>> 11) * STEP;
    }

    /** A number from {@code low} to below {@code high}. */
    double between(double low, double high) {
        return low + (high - low) * fraction();
    }

    /** A number from 0 to below {@code bound}. */
    int below(int bound) {
        return bits.nextInt(bound);
    }
}
