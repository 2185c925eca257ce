package io.headwater.domain;

import java.time.Instant;

/**
 * A detected change in the stream of a lane: one event of the {@code evaluations} topic.
 *
 * @param lane the lane whose stream changed
 * @param detector name of the detector
 * @param level how certain the detector is
 * @param signal the observed quantity, such as {@code championError}
 * @param statistic the value of the detector's test statistic
 * @param threshold the value of the statistic from which the detector reports a change
 * @param offset the offset of the samples topic at which the change was detected
 * @param at when the change was detected
 */
public record DriftSignal(
        Lane lane,
        String detector,
        Level level,
        String signal,
        double statistic,
        double threshold,
        long offset,
        Instant at) {

    /** How certain a detector is that the stream has changed. */
    public enum Level {
        /** A change is possible. */
        WARNING,
        /** The stream has changed. */
        DRIFT
    }
}
