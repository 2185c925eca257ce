package io.headwater.intake;

import java.time.Duration;

/**
 * What a role needs to survive records that end or hang the process.
 *
 * @param notes notes of what is being prepared
 * @param trial tries single records in a process apart
 * @param patience maximum duration of the preparation of a record, or of a group of records that are prepared together
 */
public record Intake(InFlightNotes notes, RecordTrial trial, Duration patience) {
    /** The default of {@link #patience}. */
    public static final Duration USUAL_PATIENCE = Duration.ofSeconds(30);

    /** Returns an intake that keeps no notes and trusts every record, for records that the process made itself. */
    public static Intake trusting() {
        return new Intake(InFlightNotes.none(), (partition, offset) -> TrialResult.PASSED, Duration.ofDays(1));
    }
}
