package io.headwater.board;

import java.util.Collection;
import java.util.Optional;

/**
 * The mean score of what serves a lane, on its newest samples.
 *
 * @param metric name of the score, such as {@code accuracy}
 * @param mean the mean, 0 to 1
 * @param low lower end of the interval that contains the true mean in 95 of 100 cases
 * @param high its upper end
 * @param samples number of samples, at least 1
 */
public record ScoreEstimate(String metric, double mean, double low, double high, int samples) {
    /** The quantile of the normal distribution for 95 %. */
    private static final double Z = 1.959964;

    /**
     * Returns the estimate from the scores of {@code samples} samples with this mean, by the interval of Wilson ("Probable Inference",
     * 1927). For scores between 0 and 1 it is wider than needed, for scores that are 0 or 1 it is exact in this sense; it takes
     * samples as independent.
     */
    static ScoreEstimate of(String metric, double mean, int samples) {
        double square = Z * Z / samples;
        double centre = (mean + square / 2) / (1 + square);
        double radius = Z * Math.sqrt(mean * (1 - mean) / samples + square / (4 * samples)) / (1 + square);
        return new ScoreEstimate(metric, mean, Math.max(0, centre - radius), Math.min(1, centre + radius), samples);
    }

    /** Returns the estimate from the points at which a version served; empty when there is none. */
    static Optional<ScoreEstimate> of(String metric, Collection<CurvePoint> points) {
        double sum = 0;
        int samples = 0;
        for (CurvePoint point : points) {
            if (!Double.isNaN(point.champion())) {
                sum += point.champion() * point.samples();
                samples += point.samples();
            }
        }
        return samples == 0 ? Optional.empty() : Optional.of(of(metric, Math.min(1, sum / samples), samples));
    }
}
