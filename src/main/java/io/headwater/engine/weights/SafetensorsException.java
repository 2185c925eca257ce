package io.headwater.engine.weights;

/** Thrown if bytes are not a valid safetensors file, or if contents cannot be written as one. */
public final class SafetensorsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception whose message names the part, the rule and the offending value. */
    SafetensorsException(String message) {
        super("safetensors: " + message);
    }

    SafetensorsException(String message, Throwable cause) {
        super("safetensors: " + message, cause);
    }
}
