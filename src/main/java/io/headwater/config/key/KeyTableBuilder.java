package io.headwater.config.key;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Builds a table from keys, which are declared in the order in which they are written and documented.
 *
 * @param <R> type of the record that the keys describe
 */
public final class KeyTableBuilder<R> {
    private final List<TablePart<R>> parts = new ArrayList<>();
    private final List<Function<KeyValues, List<Breach>>> rules = new ArrayList<>();
    private final Map<String, String> formerNames = new LinkedHashMap<>();

    KeyTableBuilder() {}

    /** Declares a required key. */
    public <T> Key<T> required(String path, ValueType<T> type, Function<R, T> getter, String meaning) {
        return add(new Key<>(path, type, true, null, values -> Optional.empty(), meaning), getter);
    }

    /** Declares a key with a default. */
    public <T> Key<T> optional(String path, ValueType<T> type, T usual, Function<R, T> getter, String meaning) {
        return add(new Key<>(path, type, false, usual, values -> Optional.of(usual), meaning), getter);
    }

    /**
     * Declares a key whose default depends on other keys.
     *
     * @param usual the default that is documented
     * @param otherwise computes the default from the values of the other keys
     */
    public <T> Key<T> optional(
            String path,
            ValueType<T> type,
            T usual,
            Function<KeyValues, T> otherwise,
            Function<R, T> getter,
            String meaning) {
        return add(
                new Key<>(path, type, false, usual, values -> Optional.of(otherwise.apply(values)), meaning), getter);
    }

    /**
     * Declares a key without a default of its own.
     *
     * @param otherwise computes the value when the key is not given; empty when there is none
     */
    public <T> Key<T> withoutDefault(
            String path,
            ValueType<T> type,
            Function<KeyValues, Optional<T>> otherwise,
            Function<R, @Nullable T> getter,
            String meaning) {
        return add(new Key<>(path, type, false, null, otherwise, meaning), getter);
    }

    /** Adds all keys of a part of the record. */
    public <S> KeyTableBuilder<R> group(KeyTable<S> table, Function<R, S> getter) {
        parts.add(new TablePart.KeyGroup<>(table, getter));
        return this;
    }

    /**
     * Adds further keys that are allowed only when another key has certain values.
     *
     * @param choice the other key, declared earlier
     * @param when the values of the other key for which the further keys are allowed
     */
    public <E, S> KeyTableBuilder<R> variant(Key<E> choice, Set<E> when, KeyTable<S> table, Function<R, S> getter) {
        parts.add(new TablePart.KeyVariant<>(choice, Set.copyOf(when), table, getter));
        return this;
    }

    /** Adds a rule over several keys, which the record must check too. */
    public KeyTableBuilder<R> rule(Function<KeyValues, List<Breach>> breaches) {
        rules.add(breaches);
        return this;
    }

    /** Declares that a section or key was called {@code former} in earlier releases; files with that name remain valid. */
    public KeyTableBuilder<R> formerly(String former, String path) {
        formerNames.put(former, path);
        return this;
    }

    /**
     * Builds the table.
     *
     * @param assembly creates the record from the values of its keys
     */
    public KeyTable<R> build(Function<KeyValues, R> assembly) {
        return new KeyTable<>(parts, rules, formerNames, assembly);
    }

    private <T> Key<T> add(Key<T> key, Function<R, ? extends @Nullable T> getter) {
        parts.add(new TablePart.OneKey<>(key, getter));
        return key;
    }
}
