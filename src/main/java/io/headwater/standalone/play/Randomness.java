package io.headwater.standalone.play;

import io.headwater.engine.SplitMix64;

/** Pseudorandom numbers from a seed, the same on every platform. */
final class Randomness {
    private static final double STEP = 0x1p-53;

    private final SplitMix64 bits;

    Randomness(long seed, long stream) {
        bits = new SplitMix64(seed, stream);
    }

    /** Returns a number from 0 (inclusive) to 1 (exclusive) with 53 random bits. */
    double fraction() {
        return (bits.nextLong() >>> 11) * STEP;
    }

    /** Returns a number from {@code low} (inclusive) to {@code high} (exclusive). */
    double between(double low, double high) {
        return low + (high - low) * fraction();
    }

    /** Returns an integer from 0 (inclusive) to {@code bound} (exclusive). */
    int below(int bound) {
        return bits.nextInt(bound);
    }
}
