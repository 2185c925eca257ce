package io.headwater.codec;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the schema registry cannot be reached. This is an outage, not a fault of the record, so the caller should
 * retry later.
 */
public final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception whose message names the registry, the request and the remedy. */
    public RegistryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
