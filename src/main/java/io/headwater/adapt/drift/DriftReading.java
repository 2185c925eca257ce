package io.headwater.adapt.drift;

/**
 * What a detector says after a sample.
 *
 * @param level how certain it is of a change
 * @param statistic the value of its test statistic
 * @param threshold the value of the statistic from which it reports a change
 */
public record DriftReading(DriftLevel level, double statistic, double threshold) {

    /** Returns the reading of a statistic that is compared with two thresholds. */
    static DriftReading of(double statistic, double warning, double drift) {
        DriftLevel level =
                statistic >= drift ? DriftLevel.DRIFT : statistic >= warning ? DriftLevel.WARNING : DriftLevel.NONE;
        return new DriftReading(level, statistic, drift);
    }
}
