package io.headwater.intake;

import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * What a role needs to survive records that end or hang the process.
 *
 * @param notes notes of what is being prepared
 * @param trial tries single records in a process apart
 * @param patience maximum duration of the preparation of a record, or of a group of records that are prepared together
 * @param turns a permit for each thread that may prepare records at the same time, in all roles that share it
 * @param ahead features that another process computes; closed with the role
 */
public record Intake(InFlightNotes notes, RecordTrial trial, Duration patience, Semaphore turns, AheadFeatures ahead) {
    /** The default of {@link #patience}. */
    public static final Duration USUAL_PATIENCE = Duration.ofSeconds(30);

    /** Creates an instance for a role that does not share its processors. */
    public Intake(InFlightNotes notes, RecordTrial trial, Duration patience) {
        this(notes, trial, patience, new Semaphore(Integer.MAX_VALUE), AheadFeatures.NONE);
    }

    /** Returns a copy with another source of features. */
    public Intake with(AheadFeatures other) {
        return new Intake(notes, trial, patience, turns, other);
    }

    /** Returns an intake that keeps no notes and trusts every record, for records that the process made itself. */
    public static Intake trusting() {
        return new Intake(InFlightNotes.none(), (partition, offset) -> TrialResult.PASSED, Duration.ofDays(1));
    }
}
