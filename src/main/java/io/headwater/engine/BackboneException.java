package io.headwater.engine;

/** A base model that cannot be used as its manifest says, or a run of it that failed. */
public final class BackboneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the base model, the rule, the offending value and what to do. */
    public BackboneException(String message) {
        super(message);
    }

    /** The same, with what the runtime below said. */
    public BackboneException(String message, Throwable cause) {
        super(message, cause);
    }
}
