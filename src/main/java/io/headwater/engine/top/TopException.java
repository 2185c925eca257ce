package io.headwater.engine.top;

/** A model has no trainable top at the cut; the message says why and what to do. */
public final class TopException extends RuntimeException {
    TopException(String message) {
        super(message);
    }
}
