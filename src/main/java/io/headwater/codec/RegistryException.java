package io.headwater.codec;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the schema registry is not available: it cannot be reached, or something answers in its place, or it answers
 * nothing that says whether it knows a schema. This is an outage, not a fault of the record, so the caller should retry
 * later.
 */
public final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean isRefusal;

    /** Creates an exception whose message names the registry, the request and the remedy. */
    public RegistryException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    RegistryException(String message, @Nullable Throwable cause, boolean isRefusal) {
        super(message, cause);
        this.isRefusal = isRefusal;
    }

    /**
     * Returns whether the registry itself refused the request, while it is not known whether it answers any. Once it has
     * registered a schema, this can be found out.
     */
    boolean isRefusal() {
        return isRefusal;
    }
}
