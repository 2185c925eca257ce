package io.headwater.adapt.race;

import io.headwater.adapt.judge.SequentialTest;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Notices when the serving version begins to make more errors, and suspends promotions until new weights have proved
 * that they are better than the version that serves. So a stretch of wrong labels does not reach the served model, and a
 * real change of the stream does as soon as a contender follows it. Errors are compared with those on earlier samples of
 * the same stratum, so that other proportions of the classes are no change. Not thread-safe.
 */
final class ChangeWatch {
    /** The error level of an alarm on a stream that does not change. */
    private static final double FALSE_ALARMS = 0.01;

    /** A rise of the mean error that is not yet a change. */
    private static final double SMALLEST_RISE = 0.05;

    /** Number of samples of a stratum from which its usual error is known well enough. */
    private static final double LEAST_SAMPLES = 16;

    /** Number of samples after which a suspension ends if new weights are no worse. */
    private static final long PATIENCE = 512;

    private static final double NO_WORSE = 0.01;

    private SequentialTest rise;
    private double[] errorSums = new double[0];
    private double[] errors = new double[0];
    private @Nullable SequentialTest proof;
    private double usualError;

    private ChangeWatch(SequentialTest rise) {
        this.rise = rise;
    }

    static ChangeWatch create() {
        return new ChangeWatch(new SequentialTest(SMALLEST_RISE));
    }

    static ChangeWatch read(SectionReader section) {
        ChangeWatch watch = new ChangeWatch(SequentialTest.read(SMALLEST_RISE, section.section("rise")));
        int strata = section.value("strata", Integer::valueOf);
        watch.errorSums = section.doubles("errorSums", strata);
        watch.errors = section.doubles("errors", strata);
        watch.usualError = section.value("usualError", Double::valueOf);
        if (section.value("suspended", Boolean::parseBoolean)) {
            watch.proof = SequentialTest.read(0, section.section("proof"));
        }
        return watch;
    }

    void write(SectionWriter section) {
        rise.write(section.section("rise"));
        section.value("strata", errors.length);
        section.doubles("errorSums", errorSums);
        section.doubles("errors", errors);
        section.value("usualError", usualError);
        section.value("suspended", proof != null);
        if (proof != null) {
            proof.write(section.section("proof"));
        }
    }

    /**
     * Adds the scores of a sample, and returns the change that is detected with it; empty when there is none.
     *
     * @param serving score of the serving version, from 0 to 1
     * @param leading score of the leading contender, from 0 to 1
     * @param stratum stratum of the sample
     */
    Optional<Change> observe(double serving, double leading, int stratum) {
        if (proof != null) {
            proof.add(leading, serving);
        }
        if (stratum >= errors.length) {
            errors = Arrays.copyOf(errors, stratum + 1);
            errorSums = Arrays.copyOf(errorSums, stratum + 1);
        }
        double error = 1 - serving;
        if (errors[stratum] >= LEAST_SAMPLES) {
            rise.add(error, errorSums[stratum] / errors[stratum]);
            Change change = new Change(rise.evidence(), StrictMath.log(1 / FALSE_ALARMS));
            if (change.evidence() >= change.threshold()) {
                usualError =
                        Arrays.stream(errorSums).sum() / Arrays.stream(errors).sum();
                suspend();
                return Optional.of(change);
            }
        }
        errorSums[stratum] += error;
        errors[stratum]++;
        return Optional.empty();
    }

    /** Begins to learn the usual error again, because another version serves or the stream has changed. */
    private void forgetErrors() {
        rise = new SequentialTest(SMALLEST_RISE);
        errorSums = new double[0];
        errors = new double[0];
    }

    /** Suspends promotions until new weights have proved to be better than the serving version. */
    void suspend() {
        proof = new SequentialTest(0);
        forgetErrors();
    }

    /** Returns whether promotions are suspended. */
    boolean suspended() {
        return proof != null;
    }

    /**
     * Ends a suspension when new weights are better than the serving version, or no worse for long enough.
     *
     * @param required evidence that is required
     * @return whether it ended
     */
    boolean resumes(double required) {
        SequentialTest running = proof;
        if (running == null) {
            return false;
        }
        boolean proved = running.evidence() >= required;
        boolean harmless = running.samples() >= PATIENCE && running.meanDifference() >= -NO_WORSE;
        if (proved || harmless) {
            proof = null;
            forgetErrors();
            return true;
        }
        if (running.samples() >= PATIENCE) {
            // What held during the change says little about the samples after it.
            proof = new SequentialTest(0);
        }
        return false;
    }

    /** Returns why promotions are suspended. */
    String reason(String score) {
        SequentialTest running = proof;
        return running == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "the error of the serving version rose from %.1f %%; new versions wait until they are better"
                                + " than it, and their %s is %+.1f points on %d samples since then",
                        100 * usualError,
                        score,
                        100 * running.meanDifference(),
                        running.samples());
    }
}
