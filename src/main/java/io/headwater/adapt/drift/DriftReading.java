package io.headwater.adapt.drift;

/**
 * What a detector says after a sample.
 *
 * @param level how certain it is of a change
 * @param statistic the value of its test statistic
 * @param threshold the value of the statistic from which it reports a change
 * @param newer how many of the newest samples came after the change, as estimated; 0 when there is no sign of a change
 */
public record DriftReading(DriftLevel level, double statistic, double threshold, long newer) {

    /** Returns a reading without any sign of a change. */
    static DriftReading none(double threshold) {
        return new DriftReading(DriftLevel.NONE, 0, threshold, 0);
    }

    /** Returns the reading of a statistic that is compared with two thresholds. */
    static DriftReading of(double statistic, double warning, double drift, long newer) {
        DriftLevel level =
                statistic >= drift ? DriftLevel.DRIFT : statistic >= warning ? DriftLevel.WARNING : DriftLevel.NONE;
        return new DriftReading(level, statistic, drift, level == DriftLevel.NONE ? 0 : newer);
    }
}
