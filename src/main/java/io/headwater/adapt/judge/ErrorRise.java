package io.headwater.adapt.judge;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import java.util.Arrays;
import java.util.Optional;

/**
 * Notices when the errors of predictions rise. Errors are compared with those on earlier samples of the same stratum, so
 * that other proportions of the classes are no change. The probability of an alarm on a stream that does not change is at
 * most 1 %, and a rise of less than 5 percentage points is ignored. Not thread-safe.
 */
public final class ErrorRise {
    private static final double FALSE_ALARMS = 0.01;

    /** A rise of the mean error that is not yet a change. */
    private static final double SMALLEST_RISE = 0.05;

    /** Number of samples of a stratum from which its usual error is known well enough. */
    private static final double LEAST_SAMPLES = 16;

    private final String signal;
    private SequentialTest rise;
    private double[] errorSums = new double[0];
    private double[] errors = new double[0];
    private double usualError;

    private ErrorRise(String signal, SequentialTest rise) {
        this.signal = signal;
        this.rise = rise;
    }

    /**
     * Creates a detector that knows no errors yet.
     *
     * @param signal name of what it observes
     */
    public static ErrorRise of(String signal) {
        return new ErrorRise(signal, new SequentialTest(SMALLEST_RISE));
    }

    /** Reads what {@link #write} wrote. */
    public static ErrorRise read(String signal, SectionReader section) {
        ErrorRise read = new ErrorRise(signal, SequentialTest.read(SMALLEST_RISE, section.section("rise")));
        int strata = section.value("strata", Integer::valueOf);
        read.errorSums = section.doubles("errorSums", strata);
        read.errors = section.doubles("errors", strata);
        read.usualError = section.value("usualError", Double::valueOf);
        return read;
    }

    /** Writes the state. */
    public void write(SectionWriter section) {
        rise.write(section.section("rise"));
        section.value("strata", errors.length);
        section.doubles("errorSums", errorSums);
        section.doubles("errors", errors);
        section.value("usualError", usualError);
    }

    /**
     * Adds the error of a sample, and returns the change that is detected with it; empty when there is none. After a
     * change, the usual errors are learned anew.
     *
     * @param error 1 less the score of the prediction, from 0 to 1
     * @param stratum stratum of the sample; -1 when its class is new, which says nothing about earlier errors
     */
    public Optional<Change> observe(double error, int stratum) {
        if (stratum < 0) {
            return Optional.empty();
        }
        if (stratum >= errors.length) {
            errors = Arrays.copyOf(errors, stratum + 1);
            errorSums = Arrays.copyOf(errorSums, stratum + 1);
        }
        if (errors[stratum] >= LEAST_SAMPLES) {
            rise.add(error, errorSums[stratum] / errors[stratum]);
            Change change = new Change(signal, rise.evidence(), StrictMath.log(1 / FALSE_ALARMS));
            if (change.evidence() >= change.threshold()) {
                usualError =
                        Arrays.stream(errorSums).sum() / Arrays.stream(errors).sum();
                forget();
                return Optional.of(change);
            }
        }
        errorSums[stratum] += error;
        errors[stratum]++;
        return Optional.empty();
    }

    /** Begins to learn the usual errors anew, because other predictions are observed. */
    public void forget() {
        rise = new SequentialTest(SMALLEST_RISE);
        errorSums = new double[0];
        errors = new double[0];
    }

    /** Returns the mean error before the last change, from 0 to 1; 0 when there was none. */
    public double usualError() {
        return usualError;
    }
}
