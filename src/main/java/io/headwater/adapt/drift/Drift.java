package io.headwater.adapt.drift;

/**
 * A signal that the stream of a lane has changed, or may have.
 *
 * @param detector name of the detector, as in the configuration
 * @param signal what was observed, such as {@link #LEARNER_ERROR}
 * @param level how certain the detector is; not {@link DriftLevel#NONE}
 * @param statistic the value of the detector's test statistic
 * @param threshold the value of the statistic from which the detector reports a change
 * @param from number of the first sample of the lane after the change, as estimated
 */
public record Drift(String detector, String signal, DriftLevel level, double statistic, double threshold, long from) {
    /** The errors of the newest weights. */
    public static final String LEARNER_ERROR = "learnerError";

    /** The features of the samples. */
    public static final String FEATURES = "features";
}
