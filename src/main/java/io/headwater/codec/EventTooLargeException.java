package io.headwater.codec;

/** Thrown when an event would be larger than its topic allows. */
public final class EventTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EventTooLargeException(String event, int most) {
        super("a %s must have at most %d bytes, but would have more; raise headwater.topics.max-record-bytes"
                .formatted(event, most));
    }
}
