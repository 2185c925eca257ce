package io.headwater.adapt.memory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The names of a lane's outputs in the order of the logits. New names are added at the end; nothing else changes. */
final class OutputNames {
    private final Map<String, Integer> indices = new LinkedHashMap<>();

    OutputNames(List<String> names) {
        names.forEach(this::add);
    }

    /** The index of {@code name}, which is added when it is new. */
    int add(String name) {
        Integer known = indices.putIfAbsent(name, indices.size());
        return known == null ? indices.size() - 1 : known;
    }

    boolean contains(String name) {
        return indices.containsKey(name);
    }

    int size() {
        return indices.size();
    }

    List<String> all() {
        return List.copyOf(indices.keySet());
    }
}
