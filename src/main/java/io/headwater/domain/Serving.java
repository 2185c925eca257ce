package io.headwater.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A promotion or a rollback, which decides which version serves a lane: one event of the {@code serving} topic.
 *
 * @param version the champion from now on; it belongs to another lane while this lane still serves the version that it
 *     started from
 * @param previous the champion until now; null when this is the first champion
 * @param decidedBy who decided: the gate or a person
 * @param reason the reason, as text for people
 * @param held whether the gate must not replace the champion until a person promotes or unpins a version, as after a
 *     rollback
 * @param since time of the decision
 */
public record Serving(
        VersionRef version,
        @Nullable VersionRef previous,
        DecidedBy decidedBy,
        String reason,
        boolean held,
        Instant since) {

    /** Who made the decision. */
    public enum DecidedBy {
        /** The promotion gate. */
        GATE,
        /** A person, through {@code commands}. */
        PERSON
    }
}
