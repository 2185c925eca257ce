package io.headwater.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.config.key.Key;
import io.headwater.config.key.KeyText;
import io.headwater.config.key.KeyValues;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes the canonical text of an adaptation, and reads those of former releases. */
final class CanonicalAdaptation {
    /**
     * The fast writer formats numbers as the shortest decimal on every JDK; {@code Double.toString} does so only since
     * JDK 19.
     */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private final Map<String, @Nullable Object> root = new TreeMap<>();

    private CanonicalAdaptation() {}

    static String write(AdaptationConfig config) {
        CanonicalAdaptation canonical = new CanonicalAdaptation();
        KeyValues values = AdaptationConfig.TABLE.values(config);
        AdaptationConfig.TABLE.keys(values).forEach(key -> canonical.put(key, values));
        try {
            return JSON.writeValueAsString(canonical.root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps, texts and numbers can always be written as JSON", e);
        }
    }

    /**
     * Returns a text that a former release wrote, and the lineage of its versions refers to, without the keys that no longer
     * exist; as it is when it is no JSON object.
     */
    static String present(String text) {
        try {
            if (!(JSON.readTree(text) instanceof ObjectNode root)) {
                return text;
            }
            if (root.get("promotion") instanceof ObjectNode promotion) {
                promotion.remove(List.of("minimum-samples", "margin", "anchor-drop"));
            }
            return JSON.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            return text;
        }
    }

    private <T> void put(Key<T> key, KeyValues values) {
        @Nullable
        Object value = values.find(key).map(CanonicalAdaptation::plain).orElse(null);
        int dot = key.path().indexOf('.');
        if (dot < 0) {
            root.put(key.path(), value);
        } else {
            section(key.path().substring(0, dot)).put(key.path().substring(dot + 1), value);
        }
    }

    @SuppressWarnings("unchecked")
    private Map<String, @Nullable Object> section(String name) {
        return (Map<String, @Nullable Object>) root.computeIfAbsent(name, absent -> new TreeMap<String, Object>());
    }

    private static Object plain(Object value) {
        if (value instanceof Enum<?> constant) {
            return KeyText.kebab(constant);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(CanonicalAdaptation::plain).toList();
        }
        return value instanceof Duration duration ? duration.toString() : value;
    }
}
