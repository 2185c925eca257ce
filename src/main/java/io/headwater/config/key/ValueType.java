package io.headwater.config.key;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The type of the value of a key.
 *
 * @param <T> Java type of the value
 */
public sealed interface ValueType<T> permits ScalarType, ListType {

    /** Returns the rule as text that completes a sentence after "must be". */
    String rule();

    /** Returns whether {@code value} satisfies the rule. */
    boolean holds(T value);

    /**
     * Reads the value from {@code source}; empty when it violates the rule, in which case the source records a fault.
     */
    Optional<T> read(WrittenValue source);

    /** Formats {@code value} as people write it. */
    String written(T value);

    /** Returns the rule as a JSON Schema object, as far as JSON Schema can express it. */
    Map<String, Object> schema();

    /** The value of a key as written in a file. */
    interface WrittenValue {
        /** Reads a single value; empty when there is no valid one, in which case a fault is recorded. */
        <T> Optional<T> one(ScalarType<T> type);

        /** Reads a list; empty when it is not a list or violates the rule, in which case a fault is recorded. */
        <E> Optional<List<E>> many(ListType<E> type);
    }
}
