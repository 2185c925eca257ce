package io.headwater.adapt;

import java.util.List;

/**
 * The parts of a lane from which a sample was removed, and those that still depend on it; names for people.
 *
 * @param removed parts that are now as if they had never had the sample
 * @param remaining parts from which it cannot be removed
 */
public record Forgotten(List<String> removed, List<String> remaining) {
    public Forgotten {
        removed = List.copyOf(removed);
        remaining = List.copyOf(remaining);
    }
}
