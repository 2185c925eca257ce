package io.headwater.config.key;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the value of a key must be.
 *
 * @param <T> what the value is read as
 */
public sealed interface ValueType<T> permits ScalarType, ListType {

    /** The rule, to follow "must be". */
    String rule();

    /** Whether {@code value} keeps the rule. */
    boolean holds(T value);

    /** The value in {@code source}; empty when it breaks the rule, which the source notes. */
    Optional<T> read(WrittenValue source);

    /** {@code value} as people write it. */
    String written(T value);

    /** The rule as an object of JSON Schema, as far as that can say it. */
    Map<String, Object> schema();

    /** What a file has as the value of a key. */
    interface WrittenValue {
        /** The one value; empty, and noted, when there is none that keeps the rule. */
        <T> Optional<T> one(ScalarType<T> type);

        /** The list; empty, and noted, when it is none or breaks the rule. */
        <E> Optional<List<E>> many(ListType<E> type);
    }
}
