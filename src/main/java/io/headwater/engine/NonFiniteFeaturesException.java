package io.headwater.engine;

import java.util.SortedSet;
import java.util.TreeSet;

/** Some inputs made the backbone give NaN or infinity. The others of the same call are without fault. */
public final class NonFiniteFeaturesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient SortedSet<Integer> indexes;

    /** For the inputs at these places. */
    public NonFiniteFeaturesException(SortedSet<Integer> indexes) {
        super("features must be finite, but are not for the inputs at " + indexes);
        this.indexes = new TreeSet<>(indexes);
    }

    /** Where the faulty inputs stand in the list that was given. */
    public SortedSet<Integer> indexes() {
        return new TreeSet<>(indexes);
    }
}
