package io.headwater.engine;

/**
 * The SplitMix64 generator (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). Implemented
 * here because its output must be the same on every Java release, as versions are rebuilt from it.
 */
public final class SplitMix64 {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    /** Creates a generator for one step of one run, so that no generator state has to be stored between steps. */
    public SplitMix64(long seed, long step) {
        this.state = mix(seed) ^ mix(step * GOLDEN_GAMMA + 1);
    }

    /** Returns the next 64 bits. */
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /**
     * Returns a number from 0 to below {@code bound}, by multiplying the upper 32 bits; the bias is below 2^-32 ×
     * bound.
     */
    public int nextInt(int bound) {
        return (int) (((nextLong() >>> 32) * bound) >>> 32);
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
        return b ^ (b >>> 31);
    }
}
