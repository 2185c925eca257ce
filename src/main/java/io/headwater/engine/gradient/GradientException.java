package io.headwater.engine.gradient;

/**
 * Thrown if a graph cannot be differentiated. The message names the node and the reason; callers that know the whole
 * model add where it can be cut instead.
 */
public final class GradientException extends RuntimeException {
    private final String tensor;

    GradientException(String tensor, String message) {
        super(message);
        this.tensor = tensor;
    }

    /** The first output of the node that cannot be differentiated; a cut at this tensor or above it avoids the node. */
    public String tensor() {
        return tensor;
    }
}
