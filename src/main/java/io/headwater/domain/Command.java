package io.headwater.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A command that a person gives to a lane: one event of the {@code commands} topic.
 *
 * @param lane the lane that the command is for
 * @param action the requested action
 * @param version the version to promote or to roll back to; null for the newest version (promote) or the previous
 *     champion (rollback)
 * @param by the person who gives the command, for the record
 * @param reason the reason, for the record
 * @param at time of the command
 */
public record Command(Lane lane, Action action, @Nullable VersionRef version, String by, String reason, Instant at) {

    /** The actions that can be requested. */
    public enum Action {
        /** Let a version serve, and let the gate decide about later versions again. */
        PROMOTE,
        /** Let an older version serve, and keep it until a person promotes a version. */
        ROLLBACK,
        /** Stop training; samples stay in the log. */
        PAUSE,
        /** Continue training. */
        RESUME,
        /** Train the lane again from its start. */
        RETRAIN
    }
}
