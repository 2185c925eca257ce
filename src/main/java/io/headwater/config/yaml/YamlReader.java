package io.headwater.config.yaml;

import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyValues;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the keys of a table. All faults are collected and reported together. */
public final class YamlReader {
    private final YamlDocument document;
    private final Set<String> known = new LinkedHashSet<>();
    private KeyValues values;

    private YamlReader(YamlDocument document, @Nullable Path folder) {
        this.document = document;
        this.values = KeyValues.in(folder);
    }

    /**
     * Reads a record from {@code yaml} with the keys of {@code table}.
     *
     * @param folder folder against which relative locations are resolved; null when they are not allowed
     * @throws FaultyYamlException with every fault, including one for every key that is not in the table
     */
    public static <R> R read(KeyTable<R> table, String yaml, @Nullable Path folder) throws FaultyYamlException {
        YamlDocument document = YamlDocument.parse(yaml);
        table.formerNames().forEach(document::rename);
        YamlReader reader = new YamlReader(document, folder);
        reader.readKeys(table);
        return reader.finish(table);
    }

    /** Reads all keys; the value of a key may allow further keys. */
    private void readKeys(KeyTable<?> table) {
        Set<Key<?>> read = new HashSet<>();
        boolean isComplete = false;
        while (!isComplete) {
            isComplete = true;
            for (Key<?> key : table.keys(values)) {
                if (read.add(key)) {
                    isComplete = false;
                    read(key);
                }
            }
        }
        // The keys that are allowed in a section are unknown when the key that determines them is faulty.
        table.undecided(values).forEach(key -> known.add(section(key)));
    }

    private <T> void read(Key<T> key) {
        known.add(key.path());
        @Nullable YamlEntry entry = entries().get(key.path());
        if (entry == null || entry.isNull()) {
            if (key.isRequired()) {
                @Nullable YamlEntry section = entries().get(section(key));
                note(
                        section == null ? 1 : section.line(),
                        key.path() + " is missing; it must be " + key.type().rule());
            }
            return;
        }
        Optional<T> value = key.type().read(new YamlSource(key, entry, document.faults()));
        values = values.with(key, value.orElse(null));
    }

    private <R> R finish(KeyTable<R> table) throws FaultyYamlException {
        table.breaches(values).forEach(breach -> {
            @Nullable YamlEntry entry = entries().get(breach.key().path());
            note(entry == null ? 1 : entry.line(), breach.message());
        });
        document.faults().addAll(UnknownKeys.faults(entries(), known));
        if (!document.faults().isEmpty()) {
            throw new FaultyYamlException(document.faults());
        }
        return table.from(values);
    }

    private void note(int line, String message) {
        document.faults().add(new Fault(line, message));
    }

    private Map<String, YamlEntry> entries() {
        return document.entries();
    }

    /** Returns the path of the section of {@code key}; "" for the root. */
    private static String section(Key<?> key) {
        int dot = key.path().lastIndexOf('.');
        return dot < 0 ? "" : key.path().substring(0, dot);
    }
}
