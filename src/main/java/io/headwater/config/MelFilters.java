package io.headwater.config;

/**
 * Triangles over the spectrum, straight in hertz, their corners equally far apart in mel.
 *
 * @param low where the first begins, in hertz, 0 to 24000
 * @param high where the last ends, in hertz, above {@code low} and at most half the sample rate
 * @param scale what a mel is
 * @param norm how high a triangle is
 */
public record MelFilters(double low, double high, MelScale scale, MelNorm norm) {
    public MelFilters {
        AudioKeys.LOW.check(low);
        AudioKeys.HIGH.check(high);
    }

    /** What a mel is. */
    public enum MelScale {
        /** 2595 log10(1 + f / 700) (The HTK Book, 5.4). */
        HTK,
        /** Linear below 1 kHz and logarithmic above (Slaney 1998, Auditory Toolbox). */
        SLANEY
    }

    /** How high a triangle is. */
    public enum MelNorm {
        /** 1. */
        NONE,
        /** 2 / its width in hertz, so that all have the same area. */
        SLANEY
    }
}
