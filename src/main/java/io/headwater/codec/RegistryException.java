package io.headwater.codec;

import org.jspecify.annotations.Nullable;

/** The schema registry could not be asked: an outage, not a fault of the record, so the caller tries again later. */
public final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the registry, what was asked and what to do. */
    public RegistryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
