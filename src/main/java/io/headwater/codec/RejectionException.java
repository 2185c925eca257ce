package io.headwater.codec;

import io.headwater.domain.Rejection;

/** Thrown when the value of a record violates a rule; {@link Codec} converts it to a rejected outcome. */
final class RejectionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Rejection.Reason reason;

    RejectionException(Rejection.Reason reason, String message) {
        // Invalid input is a normal event, not a defect, so there is no stack trace.
        super(message, null, false, false);
        this.reason = reason;
    }

    Rejection.Reason reason() {
        return reason;
    }
}
