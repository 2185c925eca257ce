package io.headwater.codec;

import io.headwater.domain.Rejection;

/** Carries a fault of the input out of the translation; {@link Codec} turns it into an outcome. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Rejection.Reason reason;

    Refusal(Rejection.Reason reason, String message) {
        // Bad input is an everyday event, not a defect: no stack trace.
        super(message, null, false, false);
        this.reason = reason;
    }

    Rejection.Reason reason() {
        return reason;
    }
}
