package io.headwater.intake.ahead;

import java.time.Duration;

/** Listens to what becomes of the features that a role takes from featurizers. Its methods must not block or throw. */
public interface AheadListener {
    /** A listener that does nothing. */
    AheadListener NONE = new AheadListener() {};

    /** Why features are not there. */
    enum Missing {
        /** No featurizer has come to the record within the patience. */
        LATE,
        /** A featurizer has passed the record, and its features were too large, or were deleted. */
        ABSENT,
        /** They were computed by another library, device or processor, which gives other bits. */
        OTHER
    }

    /** Features of {@code payloads} payloads came from a featurizer. */
    default void received(int payloads) {}

    /** The features of {@code payloads} payloads are computed by the role itself. */
    default void missing(int payloads, Missing why) {}

    /** A group of records waited for its features. */
    default void waited(Duration time) {}

    /** A record of {@code topic} that Headwater did not write was skipped. */
    default void foreign(String topic) {}
}
