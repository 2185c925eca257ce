package io.headwater.engine.learn;

import io.headwater.engine.SplitMix64;

/**
 * Which values a step leaves out (Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting",
 * 2014). The rest is scaled up in training, so that nothing changes when the head answers. Drawn in Java from the seed and
 * the step alone, so that a resumed head draws the same.
 *
 * @param rate share that is left out, 0 to below 1
 * @param seed of the draws
 */
public record DropoutMask(double rate, long seed) {
    /** Keeps these draws apart from others of the same seed and step. */
    private static final long STREAM = 0x64726f706f757421L;

    public DropoutMask {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("dropout must be from 0 to below 1, but is " + rate);
        }
    }

    /**
     * What each of {@code length} values is multiplied by: 0, or 1 / (1 - rate).
     *
     * @param step number of the step, at least 0
     */
    public float[] mask(long step, int length) {
        float[] mask = new float[length];
        float kept = (float) (1 / (1 - rate));
        SplitMix64 random = new SplitMix64(seed ^ STREAM, step);
        for (int i = 0; i < length; i++) {
            double drawn = (random.nextLong() >>> 11) * 0x1p-53;
            mask[i] = drawn < rate ? 0 : kept;
        }
        return mask;
    }

    /** Multiplies {@code values} by the {@link #mask} of the step. */
    public void apply(long step, float[] values) {
        if (rate > 0) {
            float[] mask = mask(step, values.length);
            for (int i = 0; i < values.length; i++) {
                values[i] *= mask[i];
            }
        }
    }
}
