package io.headwater.task;

import io.headwater.domain.Payload;

/**
 * A payload as goals read it. The preparation makes it once a sample; targets and answers are both computed from it. Where a
 * goal needs to know how a text was divided into tokens, its preparation makes a view that holds the tokens.
 */
public interface PayloadView {

    /** The payload itself. */
    Payload payload();

    /** The view of a payload that holds nothing but the payload. */
    static PayloadView of(Payload payload) {
        return new Plain(payload);
    }

    /** A payload of which goals need to know nothing else. */
    record Plain(Payload payload) implements PayloadView {}
}
