package io.headwater.engine;

import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Thrown when the features of some inputs contain NaN or infinity. The other inputs of the same call are not affected.
 */
public final class NonFiniteFeaturesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient SortedSet<Integer> indexes;

    /** Creates an exception for the inputs at these indexes. */
    public NonFiniteFeaturesException(SortedSet<Integer> indexes) {
        super("features must be finite, but are not for the inputs at " + indexes);
        this.indexes = new TreeSet<>(indexes);
    }

    /** Returns the indexes of the affected inputs in the list that was passed. */
    public SortedSet<Integer> indexes() {
        return new TreeSet<>(indexes);
    }
}
