package io.headwater.task.goal;

import java.util.Collection;

/** Checks of scored samples that all metrics share. */
final class ScoredSamples {
    private ScoredSamples() {}

    /**
     * Checks that there is at least one sample.
     *
     * @throws IllegalArgumentException when there are none
     */
    static void some(Collection<?> samples) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("metrics need at least one scored sample, but got none");
        }
    }

    /**
     * {@code value}, which must be a finite number.
     *
     * @throws IllegalArgumentException when it is not
     */
    static double finite(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(
                    "a scored number must be finite, but is " + value + "; reject the sample or the model beforehand");
        }
        return value;
    }
}
