package io.headwater.config;

import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.TablePart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The reference tables of {@code docs/configuration.md}, as they follow from tables of keys. */
final class ReferenceTables {
    private static final String HEAD = "| key | default | must be | meaning |\n| --- | --- | --- | --- |\n";

    private ReferenceTables() {}

    /** The table of the keys that every file has, then one for each part that only some files have. */
    static List<String> of(KeyTable<?> table) {
        List<String> tables = new ArrayList<>();
        tables.add(HEAD + String.join("", bySection(table)));
        variants(table).forEach(variant -> tables.addAll(of(variant)));
        return tables;
    }

    /** Keys of the root first, then those of each section together. */
    private static List<String> bySection(KeyTable<?> table) {
        Map<String, List<String>> sections = new LinkedHashMap<>(Map.of("", new ArrayList<>()));
        keys(table).forEach(key -> {
            int dot = key.path().indexOf('.');
            sections.computeIfAbsent(dot < 0 ? "" : key.path().substring(0, dot), section -> new ArrayList<>())
                    .add(row(key));
        });
        return sections.values().stream().flatMap(List::stream).toList();
    }

    private static Stream<Key<?>> keys(KeyTable<?> table) {
        return table.parts().stream().flatMap(ReferenceTables::ownKeys);
    }

    private static Stream<Key<?>> ownKeys(TablePart<?> part) {
        if (part instanceof TablePart.OneKey<?, ?> field) {
            return Stream.of(field.key());
        }
        return part instanceof TablePart.KeyGroup<?, ?> group ? keys(group.table()) : Stream.of();
    }

    private static List<KeyTable<?>> variants(KeyTable<?> table) {
        List<KeyTable<?>> variants = new ArrayList<>();
        for (TablePart<?> part : table.parts()) {
            if (part instanceof TablePart.KeyVariant<?, ?, ?> variant) {
                variants.add(variant.table());
            }
        }
        return variants;
    }

    private static <T> String row(Key<T> key) {
        return "| `" + key.path() + "` | " + usual(key) + " | " + key.type().rule() + " | " + key.meaning() + " |\n";
    }

    private static <T> String usual(Key<T> key) {
        if (key.isRequired()) {
            return "required";
        }
        String written = key.usual().map(key.type()::written).orElse("");
        return written.isEmpty() ? "none" : "`" + written + "`";
    }
}
