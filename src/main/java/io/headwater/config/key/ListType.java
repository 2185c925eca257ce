package io.headwater.config.key;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The type of a list of values.
 *
 * @param element the type of each element
 * @param minimum minimum number of values of a non-empty list
 * @param maximum maximum number of values
 * @param orEmpty whether the list may be empty
 * @param unique whether duplicates are forbidden
 */
public record ListType<E>(String rule, ScalarType<E> element, int minimum, int maximum, boolean orEmpty, boolean unique)
        implements ValueType<List<E>> {

    /** Returns the type of a list with any number of values, without duplicates. */
    public static <E> ListType<E> of(String rule, ScalarType<E> element) {
        return new ListType<>(rule, element, 1, Integer.MAX_VALUE, true, true);
    }

    /** Returns whether a list may have {@code size} values. */
    public boolean allows(int size) {
        return (size == 0 && orEmpty) || (size >= minimum && size <= maximum);
    }

    @Override
    public boolean holds(List<E> values) {
        return allows(values.size())
                && values.stream().allMatch(element::holds)
                && (!unique || new HashSet<>(values).size() == values.size());
    }

    @Override
    public Optional<List<E>> read(WrittenValue source) {
        return source.many(this);
    }

    @Override
    public String written(List<E> values) {
        return values.stream().map(element::written).collect(Collectors.joining(", ", "[", "]"));
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> schema = new TreeMap<>(Map.of("type", "array", "items", element.schema()));
        if (unique) {
            schema.put("uniqueItems", true);
        }
        Map<String, Object> sizes = new TreeMap<>();
        if (minimum > (orEmpty ? 1 : 0)) {
            sizes.put("minItems", minimum);
        }
        if (maximum < Integer.MAX_VALUE) {
            sizes.put("maxItems", maximum);
        }
        if (orEmpty && sizes.containsKey("minItems")) {
            schema.put("anyOf", List.of(Map.of("maxItems", 0), sizes));
        } else {
            schema.putAll(sizes);
        }
        return schema;
    }
}
