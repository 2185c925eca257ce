package io.headwater.codec;

/** A record of a topic that only Headwater writes which cannot be read: a defect or a foreign writer, not bad input. */
public final class CodecException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the topic and what is wrong. */
    public CodecException(String message) {
        super(message);
    }
}
