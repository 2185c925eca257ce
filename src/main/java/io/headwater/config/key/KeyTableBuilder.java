package io.headwater.config.key;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Declares the keys of a table, in the order in which they are written and documented.
 *
 * @param <R> the record that they make
 */
public final class KeyTableBuilder<R> {
    private final List<TablePart<R>> parts = new ArrayList<>();
    private final List<Function<KeyValues, List<Breach>>> rules = new ArrayList<>();

    KeyTableBuilder() {}

    /** A key that must be given. */
    public <T> Key<T> required(String path, ValueType<T> type, Function<R, T> getter, String meaning) {
        return add(new Key<>(path, type, true, null, values -> Optional.empty(), meaning), getter);
    }

    /** A key with a default. */
    public <T> Key<T> optional(String path, ValueType<T> type, T usual, Function<R, T> getter, String meaning) {
        return add(new Key<>(path, type, false, usual, values -> Optional.of(usual), meaning), getter);
    }

    /**
     * A key whose default depends on other keys.
     *
     * @param usual the default that is documented
     * @param otherwise the default by the values of the other keys
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
     * A key without a default of its own.
     *
     * @param otherwise what holds without it; empty for nothing
     */
    public <T> Key<T> withoutDefault(
            String path,
            ValueType<T> type,
            Function<KeyValues, Optional<T>> otherwise,
            Function<R, @Nullable T> getter,
            String meaning) {
        return add(new Key<>(path, type, false, null, otherwise, meaning), getter);
    }

    /** All keys of a part of the record. */
    public <S> KeyTableBuilder<R> group(KeyTable<S> table, Function<R, S> getter) {
        parts.add(new TablePart.KeyGroup<>(table, getter));
        return this;
    }

    /**
     * Further keys where another has a value.
     *
     * @param choice the other key, declared earlier
     * @param when its values with which they belong to a file
     */
    public <E, S> KeyTableBuilder<R> variant(Key<E> choice, Set<E> when, KeyTable<S> table, Function<R, S> getter) {
        parts.add(new TablePart.KeyVariant<>(choice, Set.copyOf(when), table, getter));
        return this;
    }

    /** A rule over several keys, which the record checks too. */
    public KeyTableBuilder<R> rule(Function<KeyValues, List<Breach>> breaches) {
        rules.add(breaches);
        return this;
    }

    /**
     * The table.
     *
     * @param assembly makes the record from the values of its keys
     */
    public KeyTable<R> build(Function<KeyValues, R> assembly) {
        return new KeyTable<>(parts, rules, assembly);
    }

    private <T> Key<T> add(Key<T> key, Function<R, ? extends @Nullable T> getter) {
        parts.add(new TablePart.OneKey<>(key, getter));
        return key;
    }
}
