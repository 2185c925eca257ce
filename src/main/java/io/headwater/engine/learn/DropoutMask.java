package io.headwater.engine.learn;

import io.headwater.engine.SplitMix64;

/**
 * The dropout mask of a step (Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting",
 * 2014). The remaining values are scaled up during training, so that inference needs no change. The mask is drawn in
 * Java from the seed and the step alone, so that a resumed head draws the same mask.
 *
 * @param rate the share of values that are set to 0, 0 to below 1
 * @param seed the seed of the random numbers
 */
public record DropoutMask(double rate, long seed) {
    /** Separates these random numbers from others with the same seed and step. */
    private static final long STREAM = 0x64726f706f757421L;

    public DropoutMask {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("dropout must be from 0 to below 1, but is " + rate);
        }
    }

    /**
     * Returns a factor for each of {@code length} values: 0, or 1 / (1 - rate).
     *
     * @param step the number of the step, at least 0
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
