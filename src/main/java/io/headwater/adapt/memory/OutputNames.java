package io.headwater.adapt.memory;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.domain.Limits;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The names of a lane's outputs in the order of the logits. New names are appended; existing names keep their index, also those
 * of classes that a person merged into others or removed.
 */
final class OutputNames {
    private static final String MERGED = "merged";
    private static final String REMOVED = "removed";

    private final Map<String, Integer> indices = new LinkedHashMap<>();
    private final SortedMap<String, String> merged = new TreeMap<>();
    private final SortedSet<String> removed = new TreeSet<>();
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

    /** Returns the index of a known name. */
    int index(String name) {
        return Objects.requireNonNull(indices.get(name), name);
    }

    /** Takes over what people changed about the names of another lane. */
    void editAs(OutputNames other) {
        merged.putAll(other.merged);
        removed.addAll(other.removed);
    }

    /** Makes {@code name} mean {@code into} from now on. */
    void merge(String name, String into) {
        merged.replaceAll((other, meaning) -> meaning.equals(name) ? into : meaning);
        merged.put(name, into);
        removed.remove(name);
    }

    void remove(String name) {
        removed.add(name);
    }

    /** Lets {@code name} mean itself again. */
    void restore(String name) {
        merged.remove(name);
        removed.remove(name);
    }

    /** Returns what {@code name} means: itself, or the name that it was merged into. */
    String meaning(String name) {
        return merged.getOrDefault(name, name);
    }

    boolean isRemoved(String name) {
        return removed.contains(name);
    }

    /** Returns whether a name was merged into another one or removed, so that it is no longer predicted. */
    boolean isHidden(String name) {
        return merged.containsKey(name) || removed.contains(name);
    }

    boolean hasHidden() {
        return !merged.isEmpty() || !removed.isEmpty();
    }

    /** Returns the names that are predicted. */
    List<String> visible() {
        return indices.keySet().stream().filter(name -> !isHidden(name)).toList();
    }

    /** Returns the names that were merged, and the names that they were merged into. */
    SortedMap<String, String> merged() {
        return Collections.unmodifiableSortedMap(merged);
    }

    /** Returns the names that were removed. */
    SortedSet<String> removed() {
        return Collections.unmodifiableSortedSet(removed);
    }

    /** Reads what people changed about the names. */
    void readEdits(SectionReader section) {
        if (section.hasSection(MERGED)) {
            SectionReader edits = section.section(MERGED);
            for (int i = 0; i < edits.value("count", Integer::valueOf); i++) {
                merged.put(edits.value("from" + i, text -> text), edits.value("into" + i, text -> text));
            }
        }
        if (section.hasSection(REMOVED)) {
            SectionReader edits = section.section(REMOVED);
            for (int i = 0; i < edits.value("count", Integer::valueOf); i++) {
                removed.add(edits.value("name" + i, text -> text));
            }
        }
    }

    /** Writes what people changed about the names; nothing if they changed nothing. */
    void writeEdits(SectionWriter section) {
        if (!merged.isEmpty()) {
            SectionWriter edits = section.section(MERGED);
            edits.value("count", merged.size());
            int i = 0;
            for (Map.Entry<String, String> one : merged.entrySet()) {
                edits.value("from" + i, one.getKey());
                edits.value("into" + i++, one.getValue());
            }
        }
        if (!removed.isEmpty()) {
            SectionWriter edits = section.section(REMOVED);
            edits.value("count", removed.size());
            int i = 0;
            for (String one : removed) {
                edits.value("name" + i++, one);
            }
        }
    }
}
