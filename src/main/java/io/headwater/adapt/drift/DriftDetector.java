package io.headwater.adapt.drift;

import io.headwater.adapt.state.SectionWriter;

/**
 * Detects that the errors of a lane have become larger. After it has reported {@link DriftLevel#DRIFT} it forgets what
 * was before. Errors that become smaller are no drift: the lane has learned. Not thread-safe.
 */
public sealed interface DriftDetector permits Adwin, Ddm, Kswin, PageHinkley {

    /**
     * Adds the error of a sample, and returns what follows from it.
     *
     * @param error from 0 to 1, such as 1 less the score, computed before the sample was used for training
     */
    DriftReading add(double error);

    /** Writes the state. */
    void write(SectionWriter section);

    /** Throws if {@code error} is not from 0 to 1. */
    static void requireError(double error) {
        if (!(error >= 0 && error <= 1)) {
            throw new IllegalArgumentException("an error must be from 0 to 1, but is " + error);
        }
    }
}
