package io.headwater.config.yaml;

import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyText;
import io.headwater.config.key.KeyValues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The keys of a record as nested maps of texts, numbers, truth values and lists, for other formats than YAML. */
public final class PlainKeys {
    private PlainKeys() {}

    /** Returns all keys of the record that have a value, also those with their default, in the order of the table. */
    public static <R> Map<String, Object> of(KeyTable<R> table, R record) {
        Map<String, Object> root = new LinkedHashMap<>();
        KeyValues values = table.values(record);
        table.keys(values).forEach(key -> put(root, key, values));
        return root;
    }

    private static <T> void put(Map<String, Object> root, Key<T> key, KeyValues values) {
        List<String> words = List.of(key.path().split("\\."));
        values.find(key)
                .ifPresent(value -> section(root, words.subList(0, words.size() - 1))
                        .put(words.get(words.size() - 1), plain(value)));
    }

    @SuppressWarnings("unchecked") // a section is never anything else than a map
    private static Map<String, Object> section(Map<String, Object> root, List<String> path) {
        Map<String, Object> section = root;
        for (String name : path) {
            section =
                    (Map<String, Object>) section.computeIfAbsent(name, absent -> new LinkedHashMap<String, Object>());
        }
        return section;
    }

    private static Object plain(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(PlainKeys::plain).toList();
        }
        if (value instanceof Enum<?> constant) {
            return KeyText.kebab(constant);
        }
        return value instanceof Number || value instanceof Boolean ? value : value.toString();
    }
}
