package io.headwater.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyValues;
import io.headwater.config.key.ScalarType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The JSON Schema (draft 2020-12) of a kind of file, as it follows from its table of keys. It accepts every file that can
 * be used, but for keys without a value. It does not check keys that are written with their full path, nor rules over
 * several keys.
 */
final class EditorSchema {
    private static final String NO_SECTION = "";

    private EditorSchema() {}

    /**
     * The schema as JSON.
     *
     * @param title of the kind of file
     * @param description of the kind of file
     */
    static String of(KeyTable<?> table, String title, String description) {
        List<KeyValues> kinds = kinds(table, KeyValues.none());
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", title);
        schema.put("description", description);
        schema.putAll(object(fields(table, kinds.get(0), NO_SECTION)));
        if (kinds.size() > 1) {
            String section = section(table.undecided(KeyValues.none()).get(0));
            List<Object> inputs = new ArrayList<>();
            kinds.forEach(kind -> inputs.add(object(fields(table, kind, section + "."))));
            properties(schema).put(section, Map.of("oneOf", inputs));
        }
        return json(schema);
    }

    /** Every way to give the keys that choose further keys. */
    private static List<KeyValues> kinds(KeyTable<?> table, KeyValues values) {
        List<Key<?>> undecided = table.undecided(values);
        return undecided.isEmpty() ? List.of(values) : kinds(table, values, undecided.get(0));
    }

    private static <T> List<KeyValues> kinds(KeyTable<?> table, KeyValues values, Key<T> choice) {
        List<KeyValues> kinds = new ArrayList<>();
        ScalarType<T> type = (ScalarType<T>) choice.type();
        for (Object word : (List<?>) Objects.requireNonNull(type.schema().get("enum"))) {
            T value = type.parse((String) word).orElseThrow();
            kinds.addAll(kinds(table, values.with(choice, value)));
        }
        return kinds;
    }

    /** The schemas of the keys within a section, by their paths in it. */
    private static Map<String, Field> fields(KeyTable<?> table, KeyValues kind, String section) {
        Map<String, Field> fields = new LinkedHashMap<>();
        for (Key<?> key : table.keys(kind)) {
            if (key.path().startsWith(section)) {
                fields.put(key.path().substring(section.length()), field(key, kind));
            }
        }
        return fields;
    }

    private static <T> Field field(Key<T> key, KeyValues kind) {
        Map<String, Object> rule = sorted(key.type().schema());
        if (rule.containsKey("enum") && kind.find(key).isPresent() && key.isRequired()) {
            rule = Map.of("const", key.type().written(kind.get(key)));
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        String rules = rule.containsKey("enum") || rule.containsKey("const")
                ? ""
                : " Must be " + key.type().rule() + ".";
        schema.put("description", sentence(key.meaning()) + rules);
        schema.putAll(rule);
        key.usual().filter(usual -> !usual.equals("")).ifPresent(usual -> schema.put("default", shown(key, usual)));
        return new Field(schema, key.isRequired());
    }

    private static <T> Object shown(Key<T> key, T usual) {
        boolean isJson = usual instanceof Number || usual instanceof Boolean || usual instanceof List<?>;
        return isJson ? usual : key.type().written(usual);
    }

    private static Map<String, Object> object(Map<String, Field> fields) {
        Map<String, Object> properties = new LinkedHashMap<>();
        Map<String, Object> flat = new TreeMap<>();
        List<String> required = new ArrayList<>();
        Map<String, Map<String, Field>> sections = new LinkedHashMap<>();
        fields.forEach((path, field) -> {
            int dot = path.indexOf('.');
            if (dot < 0) {
                properties.put(path, field.schema);
                if (field.required) {
                    required.add(path);
                }
            } else {
                sections.computeIfAbsent(path.substring(0, dot), section -> new LinkedHashMap<>())
                        .put(path.substring(dot + 1), field);
            }
        });
        sections.forEach((section, within) -> {
            properties.put(section, object(within));
            flat.put("^" + section + "\\.", true);
        });
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", "object");
        object.put("properties", properties);
        if (!flat.isEmpty()) {
            object.put("patternProperties", flat);
        }
        if (!required.isEmpty()) {
            object.put("required", required);
        }
        object.put("additionalProperties", false);
        return object;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> properties(Map<String, Object> schema) {
        return (Map<String, Object>) Objects.requireNonNull(schema.get("properties"));
    }

    private static String section(Key<?> key) {
        return key.path().substring(0, key.path().indexOf('.'));
    }

    /** The same schema with the words of each object in one order. */
    private static Map<String, Object> sorted(Map<?, ?> schema) {
        Map<String, Object> sorted = new TreeMap<>();
        schema.forEach((word, value) -> sorted.put((String) word, sortedValue(value)));
        return sorted;
    }

    private static Object sortedValue(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(EditorSchema::sortedValue).toList();
        }
        return value instanceof Map<?, ?> map ? sorted(map) : value;
    }

    /** Markdown without its links, as a sentence. */
    private static String sentence(String markdown) {
        String plain = markdown.replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1");
        return plain.substring(0, 1).toUpperCase(Locale.ROOT) + plain.substring(1) + ".";
    }

    private static String json(Map<String, Object> schema) {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(indenter);
        try {
            return new ObjectMapper().writer(printer).writeValueAsString(schema) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps, texts and numbers can always be written as JSON", e);
        }
    }

    /**
     * The schema of a key.
     *
     * @param required whether a file must give it
     */
    private record Field(Map<String, Object> schema, boolean required) {}
}
