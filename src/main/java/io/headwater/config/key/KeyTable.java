package io.headwater.config.key;

import io.headwater.config.key.KeyValues.MissingValueException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a configuration record. Reading, checking, copying, writing and documenting the record are all derived
 * from its table, so a new key needs only a component of the record and a row of the table.
 *
 * @param <R> type of the record
 */
public final class KeyTable<R> {
    private final List<TablePart<R>> parts;
    private final List<Function<KeyValues, List<Breach>>> rules;
    private final Map<String, String> formerNames;
    private final Function<KeyValues, R> assembly;

    KeyTable(
            List<TablePart<R>> parts,
            List<Function<KeyValues, List<Breach>>> rules,
            Map<String, String> formerNames,
            Function<KeyValues, R> assembly) {
        this.parts = List.copyOf(parts);
        this.rules = List.copyOf(rules);
        this.formerNames = Map.copyOf(formerNames);
        this.assembly = assembly;
    }

    /** Returns a builder of a table, without any keys. */
    public static <R> KeyTableBuilder<R> builder() {
        return new KeyTableBuilder<>();
    }

    /** Returns the rows in order. */
    public List<TablePart<R>> parts() {
        return parts;
    }

    /** Returns the present path of each section or key that earlier releases called otherwise, by its former path. */
    public Map<String, String> formerNames() {
        return formerNames;
    }

    /** Returns the keys that are allowed in a file with {@code values}, in order. */
    public List<Key<?>> keys(KeyValues values) {
        return parts.stream().flatMap(part -> part.keys(values)).toList();
    }

    /** Returns the keys that determine which further keys are allowed and that have no value yet. */
    public List<Key<?>> undecided(KeyValues values) {
        return parts.stream().flatMap(part -> part.undecided(values)).distinct().toList();
    }

    /** Returns the values of {@code record}. */
    public KeyValues values(R record) {
        KeyValues values = KeyValues.none();
        for (TablePart<R> part : parts) {
            values = values.with(part.values(record));
        }
        return values;
    }

    /**
     * Creates the record with {@code values}.
     *
     * @throws IllegalArgumentException when the values violate a rule
     */
    public R from(KeyValues values) {
        return assembly.apply(values);
    }

    /** Creates the record from the documented defaults of a table without required keys. */
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

    /**
     * Returns the violations by {@code values} of rules over several keys. Rules about keys that have no value are
     * skipped.
     */
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
     * Returns a copy of {@code record} with another value of {@code key}; null for its default.
     *
     * @throws IllegalArgumentException when the copy violates a rule
     */
    public <T> R with(R record, Key<T> key, @Nullable T value) {
        return from(values(record).with(key, value));
    }

    /**
     * Returns a copy of {@code record} with another part.
     *
     * @param table table of the part
     * @throws IllegalArgumentException when the copy violates a rule
     */
    public <S> R with(R record, KeyTable<S> table, S part) {
        return from(values(record).with(table.values(part)));
    }
}
