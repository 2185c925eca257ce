package io.headwater.board;

/**
 * The interval that contains the true mean of scores in 95 of 100 cases, by the method of Wilson ("Probable Inference", 1927). For scores between
 * 0 and 1 it is wider than needed, for scores that are 0 or 1 it is exact in this sense; it takes samples as independent.
 *
 * @param low lower end, at least 0
 * @param high upper end, at most 1
 */
public record WilsonInterval(double low, double high) {
    /** The quantile of the normal distribution for 95 %. */
    private static final double Z = 1.959964;

    /** Returns the interval of the scores of {@code samples} samples, at least 1, with this mean, 0 to 1. */
    public static WilsonInterval of(double mean, int samples) {
        double square = Z * Z / samples;
        double centre = (mean + square / 2) / (1 + square);
        double radius = Z * Math.sqrt(mean * (1 - mean) / samples + square / (4 * samples)) / (1 + square);
        return new WilsonInterval(Math.max(0, centre - radius), Math.min(1, centre + radius));
    }
}
