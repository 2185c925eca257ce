package io.headwater.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a person wants of a lane: one event of the {@code commands} topic.
 *
 * @param lane which
 * @param action what
 * @param version the version to promote or to roll back to; null for the newest version (promote) or the champion before
 *     (rollback)
 * @param by who asks, for the record
 * @param reason why, for the record
 * @param at when
 */
public record Command(Lane lane, Action action, @Nullable VersionRef version, String by, String reason, Instant at) {

    /** What can be asked. */
    public enum Action {
        /** Let a version serve, and let the gate decide again from then on. */
        PROMOTE,
        /** Let an older version serve, and keep it until someone promotes. */
        ROLLBACK,
        /** Stop learning; samples wait in the log. */
        PAUSE,
        /** Learn again. */
        RESUME,
        /** Begin the lane anew from its start. */
        RETRAIN
    }
}
