package io.headwater.config.key;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The values of keys of a file or a record. A key without a value has its default. Immutable. */
public final class KeyValues {
    private final Map<Key<?>, Object> given;
    private final @Nullable Path folder;

    private KeyValues(Map<Key<?>, Object> given, @Nullable Path folder) {
        this.given = Map.copyOf(given);
        this.folder = folder;
    }

    /**
     * Returns an instance without values.
     *
     * @param folder folder against which relative locations are resolved; null when they are not allowed
     */
    public static KeyValues in(@Nullable Path folder) {
        return new KeyValues(Map.of(), folder);
    }

    /** Returns an instance without values that does not allow relative locations. */
    public static KeyValues none() {
        return in(null);
    }

    /** Resolves {@code location} to an absolute location; empty when that is impossible. */
    public Optional<Location> resolve(Location location) {
        return location.in(folder);
    }

    /**
     * Resolves {@code location}, the value of {@code key}, to an absolute location.
     *
     * @throws MissingValueException when that is impossible
     */
    public Location locate(Key<?> key, Location location) {
        return resolve(location).orElseThrow(() -> new MissingValueException(key));
    }

    /** Returns the value of {@code key} or its default; empty when it has neither. */
    public <T> Optional<T> find(Key<T> key) {
        @SuppressWarnings("unchecked") // with(key, value) accepts no other values.
        @Nullable
        T value = (T) given.get(key);
        return value == null ? key.otherwise(this) : Optional.of(value);
    }

    /**
     * Returns the value of {@code key} or its default.
     *
     * @throws MissingValueException when it has neither
     */
    public <T> T get(Key<T> key) {
        return find(key).orElseThrow(() -> new MissingValueException(key));
    }

    /** Returns a copy with another value of {@code key}; null for its default. */
    public <T> KeyValues with(Key<T> key, @Nullable T value) {
        Map<Key<?>, Object> all = new HashMap<>(given);
        if (value == null) {
            all.remove(key);
        } else {
            all.put(key, value);
        }
        return new KeyValues(all, folder);
    }

    /**
     * Returns a copy to which the values of {@code others} are added; they replace existing values of the same keys.
     */
    public KeyValues with(KeyValues others) {
        Map<Key<?>, Object> all = new HashMap<>(given);
        all.putAll(others.given);
        return new KeyValues(all, folder);
    }

    /** Thrown when a key has neither a value nor a default. */
    static final class MissingValueException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MissingValueException(Key<?> key) {
            super(key.path() + " has no value");
        }
    }
}
