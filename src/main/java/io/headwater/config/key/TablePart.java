package io.headwater.config.key;

import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A row of a table: a single key, the keys of a part of the record, or the keys of a part that only some records have.
 *
 * @param <R> type of the record
 */
public sealed interface TablePart<R> {

    /** Returns the keys that are allowed in a file with {@code values}. */
    Stream<Key<?>> keys(KeyValues values);

    /** Returns the keys that determine which further keys are allowed and that have no value. */
    Stream<Key<?>> undecided(KeyValues values);

    /** Returns the values of its keys in {@code record}. */
    KeyValues values(R record);

    /** Returns the violations of its rules by {@code values}. */
    Stream<Breach> breaches(KeyValues values);

    /**
     * A single key.
     *
     * @param getter returns its value, or null when there is none
     */
    record OneKey<R, T>(Key<T> key, Function<R, ? extends @Nullable T> getter) implements TablePart<R> {
        @Override
        public Stream<Key<?>> keys(KeyValues values) {
            return Stream.of(key);
        }

        @Override
        public Stream<Key<?>> undecided(KeyValues values) {
            return Stream.of();
        }

        @Override
        public KeyValues values(R record) {
            return KeyValues.none().with(key, getter.apply(record));
        }

        @Override
        public Stream<Breach> breaches(KeyValues values) {
            return Stream.of();
        }
    }

    /**
     * The keys of a part of the record.
     *
     * @param table table of the part
     * @param getter returns the part
     */
    record KeyGroup<R, S>(KeyTable<S> table, Function<R, S> getter) implements TablePart<R> {
        @Override
        public Stream<Key<?>> keys(KeyValues values) {
            return table.keys(values).stream();
        }

        @Override
        public Stream<Key<?>> undecided(KeyValues values) {
            return table.undecided(values).stream();
        }

        @Override
        public KeyValues values(R record) {
            return table.values(getter.apply(record));
        }

        @Override
        public Stream<Breach> breaches(KeyValues values) {
            return table.breaches(values).stream();
        }
    }

    /**
     * The keys of a part that a record has only when another key has certain values.
     *
     * @param choice the other key
     * @param when the values of the other key for which the record has the part
     * @param table table of the part
     * @param getter returns the part, or null when the record does not have it
     */
    record KeyVariant<R, E, S>(Key<E> choice, Set<E> when, KeyTable<S> table, Function<R, ? extends @Nullable S> getter)
            implements TablePart<R> {
        @Override
        public Stream<Key<?>> keys(KeyValues values) {
            return isIn(values) ? table.keys(values).stream() : Stream.of();
        }

        @Override
        public Stream<Key<?>> undecided(KeyValues values) {
            return values.find(choice).isEmpty()
                    ? Stream.of(choice)
                    : isIn(values) ? table.undecided(values).stream() : Stream.of();
        }

        @Override
        public KeyValues values(R record) {
            return Optional.<S>ofNullable(getter.apply(record))
                    .map(table::values)
                    .orElseGet(KeyValues::none);
        }

        @Override
        public Stream<Breach> breaches(KeyValues values) {
            return isIn(values) ? table.breaches(values).stream() : Stream.of();
        }

        private boolean isIn(KeyValues values) {
            return values.find(choice).filter(when::contains).isPresent();
        }
    }
}
