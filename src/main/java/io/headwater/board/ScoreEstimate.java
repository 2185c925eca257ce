package io.headwater.board;

import java.util.Collection;
import java.util.Optional;

/**
 * The mean score of what serves a lane, on its newest samples.
 *
 * @param metric name of the score, such as {@code accuracy}
 * @param mean the mean, 0 to 1
 * @param low lower end of its {@linkplain WilsonInterval interval}
 * @param high its upper end
 * @param samples number of samples, at least 1
 */
public record ScoreEstimate(String metric, double mean, double low, double high, int samples) {
    /** Returns the estimate from the scores of {@code samples} samples with this mean. */
    static ScoreEstimate of(String metric, double mean, int samples) {
        WilsonInterval interval = WilsonInterval.of(mean, samples);
        return new ScoreEstimate(metric, mean, interval.low(), interval.high(), samples);
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
