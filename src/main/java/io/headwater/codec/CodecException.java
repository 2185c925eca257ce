package io.headwater.codec;

/**
 * Thrown when a record cannot be read from a topic that only Headwater writes: a defect or a foreign writer, not
 * invalid input.
 */
public final class CodecException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception whose message names the topic and the fault. */
    public CodecException(String message) {
        super(message);
    }
}
