package io.headwater.trainer;

/**
 * Thrown when the samples topic is no longer the one that the lanes of a partition have learned from, and the configuration wants
 * a person to decide.
 */
final class ResetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception whose message names the partition, what has changed, and what to do. */
    ResetException(String message) {
        super(message);
    }
}
