package io.headwater.adapt.judge;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Suspends promotions when the serving version begins to make more errors, until new weights have proved that they are
 * better than this version. So a stretch of wrong labels does not reach the served model, and a real change of the stream
 * does as soon as the learner follows it. Not thread-safe.
 */
public final class Suspension {
    /** Number of samples after which a suspension ends if new weights are no worse. */
    private static final long PATIENCE = 512;

    private static final double NO_WORSE = 0.01;
    private static final String SIGNAL = "championError";

    private final ErrorRise rise;
    private @Nullable SequentialTest proof;
    private boolean ended;

    private Suspension(ErrorRise rise) {
        this.rise = rise;
    }

    /** Creates an instance for a lane whose promotions are not suspended. */
    public static Suspension none() {
        return new Suspension(ErrorRise.of(SIGNAL));
    }

    /** Reads what {@link #write} wrote. */
    public static Suspension read(SectionReader section) {
        Suspension read = new Suspension(ErrorRise.read(SIGNAL, section));
        read.ended = section.value("ended", Boolean::parseBoolean);
        if (section.value("suspended", Boolean::parseBoolean)) {
            read.proof = SequentialTest.read(0, section.section("proof"));
        }
        return read;
    }

    /** Writes the state. */
    public void write(SectionWriter section) {
        rise.write(section);
        section.value("suspended", proof != null);
        section.value("ended", ended);
        if (proof != null) {
            proof.write(section.section("proof"));
        }
    }

    /**
     * Adds the scores of a sample, and returns the change that is detected with it; empty when there is none.
     *
     * @param serving score of the serving version, from 0 to 1
     * @param newest score of the newest weights, from 0 to 1
     * @param stratum stratum of the sample; -1 when its class is new
     */
    public Optional<Change> observe(double serving, double newest, int stratum) {
        if (stratum < 0) {
            return Optional.empty();
        }
        if (proof != null) {
            proof.add(newest, serving);
        }
        Optional<Change> change = rise.observe(1 - serving, stratum);
        change.ifPresent(detected -> begin());
        return change;
    }

    /** Suspends promotions until new weights have proved to be better than the serving version. */
    public void begin() {
        proof = new SequentialTest(0);
        ended = false;
        rise.forget();
    }

    /** Returns whether promotions are suspended. */
    public boolean isActive() {
        return proof != null;
    }

    /**
     * Ends a suspension when new weights are better than the serving version, or no worse for long enough.
     *
     * @param required evidence that is required
     */
    public void endIfProved(double required) {
        SequentialTest running = proof;
        if (running == null) {
            return;
        }
        boolean proved = running.evidence() >= required;
        boolean harmless = running.samples() >= PATIENCE && running.meanDifference() >= -NO_WORSE;
        if (proved || harmless) {
            proof = null;
            ended = proved;
            rise.forget();
        } else if (running.samples() >= PATIENCE) {
            // What held during the change says little about the samples after it.
            proof = new SequentialTest(0);
        }
    }

    /** Returns whether a suspension has ended since the last call because new weights had proved to be better. */
    public boolean takeEnded() {
        boolean taken = ended;
        ended = false;
        return taken;
    }

    /** Returns why promotions are suspended; empty when they are not. */
    public String reason(String score) {
        SequentialTest running = proof;
        return running == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "the error of the serving version rose from %.1f %%; new versions wait until they are better"
                                + " than it, and their %s is %+.1f points on %d samples since then",
                        100 * rise.usualError(),
                        score,
                        100 * running.meanDifference(),
                        running.samples());
    }
}
