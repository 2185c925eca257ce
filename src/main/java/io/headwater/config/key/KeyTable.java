package io.headwater.config.key;

import io.headwater.config.key.KeyValues.MissingValueException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a record is made of. What is read, checked, copied, written and documented of the record follows from its
 * table, so a new key is a component of the record and a row of the table, and stands nowhere else.
 *
 * @param <R> the record
 */
public final class KeyTable<R> {
    private final List<TablePart<R>> parts;
    private final List<Function<KeyValues, List<Breach>>> rules;
    private final Function<KeyValues, R> assembly;

    KeyTable(List<TablePart<R>> parts, List<Function<KeyValues, List<Breach>>> rules, Function<KeyValues, R> assembly) {
        this.parts = List.copyOf(parts);
        this.rules = List.copyOf(rules);
        this.assembly = assembly;
    }

    /** An empty table to declare keys in. */
    public static <R> KeyTableBuilder<R> builder() {
        return new KeyTableBuilder<>();
    }

    /** Its rows, in their order. */
    public List<TablePart<R>> parts() {
        return parts;
    }

    /** The keys that belong to a file with {@code values}, in their order. */
    public List<Key<?>> keys(KeyValues values) {
        return parts.stream().flatMap(part -> part.keys(values)).toList();
    }

    /** The keys whose values choose further keys and have no value yet. */
    public List<Key<?>> undecided(KeyValues values) {
        return parts.stream().flatMap(part -> part.undecided(values)).distinct().toList();
    }

    /** The values of {@code record}. */
    public KeyValues values(R record) {
        KeyValues values = KeyValues.none();
        for (TablePart<R> part : parts) {
            values = values.with(part.values(record));
        }
        return values;
    }

    /**
     * The record that {@code values} make.
     *
     * @throws IllegalArgumentException when they break a rule
     */
    public R from(KeyValues values) {
        return assembly.apply(values);
    }

    /** The record of the usual defaults of a table that has no required key. */
    public R defaults() {
        KeyValues values = KeyValues.none();
        for (Key<?> key : keys(values)) {
            values = withUsual(values, key);
        }
        return from(values);
    }

    private static <T> KeyValues withUsual(KeyValues values, Key<T> key) {
        return values.with(key, key.usual().orElse(null));
    }

    /** What of {@code values} breaks rules over several keys; rules over keys that have no value are left out. */
    public List<Breach> breaches(KeyValues values) {
        return Stream.concat(
                        parts.stream().flatMap(part -> part.breaches(values)),
                        rules.stream().flatMap(rule -> judge(rule, values)))
                .toList();
    }

    private static Stream<Breach> judge(Function<KeyValues, List<Breach>> rule, KeyValues values) {
        try {
            return rule.apply(values).stream();
        } catch (MissingValueException e) {
            return Stream.of();
        }
    }

    /**
     * {@code record} with another value of {@code key}; null for its default.
     *
     * @throws IllegalArgumentException when that breaks a rule
     */
    public <T> R with(R record, Key<T> key, @Nullable T value) {
        return from(values(record).with(key, value));
    }

    /**
     * {@code record} with another part.
     *
     * @param table of the part
     * @throws IllegalArgumentException when that breaks a rule
     */
    public <S> R with(R record, KeyTable<S> table, S part) {
        return from(values(record).with(table.values(part)));
    }
}
