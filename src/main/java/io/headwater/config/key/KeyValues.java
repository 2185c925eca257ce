package io.headwater.config.key;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Values of keys, of a file or of a record; a key that has none has its default. Immutable. */
public final class KeyValues {
    private final Map<Key<?>, Object> given;
    private final @Nullable Path folder;

    private KeyValues(Map<Key<?>, Object> given, @Nullable Path folder) {
        this.given = Map.copyOf(given);
        this.folder = folder;
    }

    /**
     * No values.
     *
     * @param folder that relative locations start from; null when they are not allowed
     */
    public static KeyValues in(@Nullable Path folder) {
        return new KeyValues(Map.of(), folder);
    }

    /** No values, and no relative locations. */
    public static KeyValues none() {
        return in(null);
    }

    /** {@code location} made absolute; empty when it cannot be. */
    public Optional<Location> resolve(Location location) {
        return location.in(folder);
    }

    /**
     * {@code location}, which {@code key} has, made absolute.
     *
     * @throws MissingValueException when it cannot be
     */
    public Location locate(Key<?> key, Location location) {
        return resolve(location).orElseThrow(() -> new MissingValueException(key));
    }

    /** The value of {@code key} or its default; empty when it has neither. */
    public <T> Optional<T> find(Key<T> key) {
        @SuppressWarnings("unchecked") // with(key, value) accepts no other values.
        @Nullable
        T value = (T) given.get(key);
        return value == null ? key.otherwise(this) : Optional.of(value);
    }

    /**
     * The value of {@code key} or its default.
     *
     * @throws MissingValueException when it has neither
     */
    public <T> T get(Key<T> key) {
        return find(key).orElseThrow(() -> new MissingValueException(key));
    }

    /** The same with another value of {@code key}; null for its default. */
    public <T> KeyValues with(Key<T> key, @Nullable T value) {
        Map<Key<?>, Object> all = new HashMap<>(given);
        if (value == null) {
            all.remove(key);
        } else {
            all.put(key, value);
        }
        return new KeyValues(all, folder);
    }

    /** The same with the values of {@code others} in place of those of the same keys. */
    public KeyValues with(KeyValues others) {
        Map<Key<?>, Object> all = new HashMap<>(given);
        all.putAll(others.given);
        return new KeyValues(all, folder);
    }

    /** A key that has no value and no default. */
    static final class MissingValueException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MissingValueException(Key<?> key) {
            super(key.path() + " has no value");
        }
    }
}
