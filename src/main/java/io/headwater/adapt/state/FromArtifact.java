package io.headwater.adapt.state;

import io.headwater.domain.ArtifactException;
import java.util.function.Supplier;

/**
 * Restores objects from artifacts of unknown origin. Whoever restores a part of a lane checks what it is given as it checks
 * every other argument, and throws what it throws for these, as arrays do for sizes and indices. Only where an artifact is
 * opened is it known that the values are those of an artifact; so each method that opens one does it here.
 */
public final class FromArtifact {
    private FromArtifact() {}

    /**
     * Returns what {@code restore} restores.
     *
     * @param artifact names the artifact and what it must hold, for the message
     * @throws ArtifactException when a value of the artifact cannot be restored; other exceptions pass
     */
    public static <T> T restored(String artifact, Supplier<T> restore) {
        try {
            return restore.get();
        } catch (IllegalArgumentException
                | ArithmeticException
                | IndexOutOfBoundsException
                | NegativeArraySizeException e) {
            ArtifactException refused = new ArtifactException(artifact + ", but does not: " + e.getMessage());
            refused.initCause(e);
            throw refused;
        }
    }
}
