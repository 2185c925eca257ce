package io.headwater.engine.weights;

/** Bytes that are not a safetensors file that can be read, or contents that cannot be written as one. */
public final class SafetensorsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the part, the rule and the offending value. */
    SafetensorsException(String message) {
        super("safetensors: " + message);
    }

    SafetensorsException(String message, Throwable cause) {
        super("safetensors: " + message, cause);
    }
}
