package io.headwater.engine.gradient;

/** A graph cannot be differentiated; the message says at which node and why. Where the model must be cut is for those to say who know the whole of it. */
public final class GradientException extends RuntimeException {
    private final String tensor;

    GradientException(String tensor, String message) {
        super(message);
        this.tensor = tensor;
    }

    /** The first output of the node through which no gradient passes: any cut at or above it avoids the node. */
    public String tensor() {
        return tensor;
    }
}
