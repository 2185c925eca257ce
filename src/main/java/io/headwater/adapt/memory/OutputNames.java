package io.headwater.adapt.memory;

import io.headwater.domain.Limits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The names of a lane's outputs in the order of the logits. New names are appended; existing names keep their index.
 */
final class OutputNames {
    private final Map<String, Integer> indices = new LinkedHashMap<>();
    private int bytes;

    OutputNames(List<String> names) {
        names.forEach(this::add);
    }

    /** Returns the index of {@code name}, which is appended when it is new. */
    int add(String name) {
        Integer known = indices.putIfAbsent(name, indices.size());
        if (known != null) {
            return known;
        }
        bytes += Limits.bytes(name);
        return indices.size() - 1;
    }

    boolean contains(String name) {
        return indices.containsKey(name);
    }

    /** Returns the size of all names in UTF-8. */
    int bytes() {
        return bytes;
    }

    int size() {
        return indices.size();
    }

    List<String> all() {
        return List.copyOf(indices.keySet());
    }
}
