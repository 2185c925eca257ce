package io.headwater.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which version serves a lane: one event of the {@code serving} topic, a promotion or a rollback.
 *
 * @param version the champion from now on; its lane is another one's while a lane serves what it started from
 * @param previous the champion until now; null for the first
 * @param decidedBy the gate or a person
 * @param reason why, for people
 * @param held whether the gate may not replace it until a person promotes again (after a rollback)
 * @param since when it was decided
 */
public record Serving(
        VersionRef version,
        @Nullable VersionRef previous,
        DecidedBy decidedBy,
        String reason,
        boolean held,
        Instant since) {

    /** Who decided. */
    public enum DecidedBy {
        /** The promotion gate. */
        GATE,
        /** A person, through {@code commands}. */
        PERSON
    }
}
