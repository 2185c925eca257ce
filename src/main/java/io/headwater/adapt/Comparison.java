package io.headwater.adapt;

/**
 * Champion and challenger on identical samples, before either learned from them.
 *
 * @param samples compared
 * @param championCorrect of these
 * @param challengerCorrect of these
 */
public record Comparison(int samples, int championCorrect, int challengerCorrect) {

    /** From 0 to 1; 0 without samples. */
    public double championAccuracy() {
        return samples == 0 ? 0 : (double) championCorrect / samples;
    }

    /** From 0 to 1; 0 without samples. */
    public double challengerAccuracy() {
        return samples == 0 ? 0 : (double) challengerCorrect / samples;
    }
}
