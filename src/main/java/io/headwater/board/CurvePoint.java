package io.headwater.board;

import java.time.Instant;

/**
 * Scores of some successive samples of a lane, each of which was predicted before it was learned.
 *
 * @param at time of the newest of them
 * @param samples how many, at least 1
 * @param champion mean score of the version that served, 0 to 1; NaN when none did
 * @param learner mean score of the head in training, 0 to 1; NaN when it is not known
 * @param version number of the version that served at last; 0 when none did
 */
public record CurvePoint(Instant at, int samples, double champion, double learner, long version) {

    /** Returns this point and the one after it as one. */
    CurvePoint with(CurvePoint next) {
        return new CurvePoint(
                next.at,
                samples + next.samples,
                mean(champion, samples, next.champion, next.samples),
                mean(learner, samples, next.learner, next.samples),
                next.version);
    }

    /** A number that is not known does not count. */
    private static double mean(double first, int firstSamples, double second, int secondSamples) {
        if (Double.isNaN(first)) {
            return second;
        }
        return Double.isNaN(second)
                ? first
                : (first * firstSamples + second * secondSamples) / (firstSamples + secondSamples);
    }
}
