package io.headwater.engine.onnx;

import java.util.Objects;

/**
 * Thrown if an ONNX file cannot be read or used; this package throws no other exception because of a file's contents.
 */
public final class OnnxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception whose message names the part of the model, the rule, the offending value and a remedy. */
    public OnnxException(String message) {
        super(message);
    }

    OnnxException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage(), "message");
    }
}
