package io.headwater.board;

import java.time.Instant;

/**
 * Something that happened in a lane and that a person may want to know.
 *
 * @param version number of the version that it is about; 0 when it is about none
 * @param text what happened, and why
 */
public record Mark(Instant at, Kind kind, long version, String text) {

    /** What happened. */
    public enum Kind {
        /** The gate let another version serve. */
        PROMOTED,
        /** The gate let the serving version go on. */
        REJECTED,
        /** The gate returned to an earlier version. */
        ROLLED_BACK,
        /** A person decided which version serves. */
        DECIDED,
        /** A person gave another command. */
        COMMANDED,
        /** The stream may have changed. */
        WARNING,
        /** The stream has changed. */
        DRIFT,
        /** No version was promoted for long, although newer weights are better than the serving version. */
        STALLED,
        /** A contender that is better on the stream was refused for long because of the guard set. */
        VETOED,
        /** Samples were deleted before they were read. */
        LOST
    }
}
