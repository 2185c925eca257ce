package io.headwater.engine.top;

/** Thrown if a model has no trainable top at the cut; the message gives the reason and a remedy. */
public final class TopException extends RuntimeException {
    TopException(String message) {
        super(message);
    }
}
