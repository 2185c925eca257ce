package io.headwater.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which version serves a lane: one event of the {@code serving} topic. It is a promotion or a rollback, or it announces
 * new thresholds for the version that serves already.
 *
 * @param version the champion from now on; it belongs to another lane while this lane still serves the version that it
 *     started from
 * @param previous the champion until now; null when this is the first champion
 * @param decidedBy who decided: the gate or a person
 * @param reason the reason, as text for people
 * @param held whether the gate must not replace the champion until a person promotes or unpins a version, as after a
 *     rollback
 * @param since time of the decision
 * @param thresholds the newest thresholds of prediction sets and intervals; null when there are none
 * @param servedSince when a version served the lane first, without interruption since; null in events of former releases
 */
public record Serving(
        VersionRef version,
        @Nullable VersionRef previous,
        DecidedBy decidedBy,
        String reason,
        boolean held,
        Instant since,
        @Nullable Thresholds thresholds,
        @Nullable Instant servedSince) {

    /** Who made the decision. */
    public enum DecidedBy {
        /** The promotion gate. */
        GATE,
        /** A person, through {@code commands}. */
        PERSON
    }

    /** Creates a decision without thresholds. */
    public Serving(
            VersionRef version,
            @Nullable VersionRef previous,
            DecidedBy decidedBy,
            String reason,
            boolean held,
            Instant since) {
        this(version, previous, decidedBy, reason, held, since, null, null);
    }

    /** Returns the same decision with other thresholds. */
    public Serving withThresholds(@Nullable Thresholds other) {
        return new Serving(version, previous, decidedBy, reason, held, since, other, servedSince);
    }

    /** Returns the same decision in a lane that is served since {@code other}. */
    public Serving withServedSince(Instant other) {
        return new Serving(version, previous, decidedBy, reason, held, since, thresholds, other);
    }

    /** Returns when a version served the lane first, or the time of this decision when the event does not say it. */
    public Instant beginning() {
        return servedSince == null ? since : servedSince;
    }
}
