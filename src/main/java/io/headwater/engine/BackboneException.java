package io.headwater.engine;

/** Thrown when a base model cannot be used as its manifest says, or when running it failed. */
public final class BackboneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception whose message names the base model, the rule, the offending value and what to do. */
    public BackboneException(String message) {
        super(message);
    }

    /** Creates an exception with a message and the exception of the underlying runtime as its cause. */
    public BackboneException(String message, Throwable cause) {
        super(message, cause);
    }
}
