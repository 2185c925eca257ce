package io.headwater.codec;

import io.headwater.domain.Rejection;

/** The value of a record breaks a rule; {@link Codec} turns it into a rejected outcome. */
final class RejectionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Rejection.Reason reason;

    RejectionException(Rejection.Reason reason, String message) {
        // Bad input is an everyday event, not a defect: no stack trace.
        super(message, null, false, false);
        this.reason = reason;
    }

    Rejection.Reason reason() {
        return reason;
    }
}
