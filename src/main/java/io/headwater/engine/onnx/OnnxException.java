package io.headwater.engine.onnx;

import java.util.Objects;

/** An ONNX file that cannot be read or used; the only exception that this package throws for what a file holds. */
public final class OnnxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the part of the model, the rule, the offending value and what to do. */
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
