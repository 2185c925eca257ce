package io.headwater.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Values that are costly to hold, such as models in native memory: each is opened once for all who need the same, and closed
 * when the last of them lets go of it. Thread-safe.
 *
 * @param <K> what a value depends on
 * @param <V> the values
 */
public final class Shared<K, V> {
    private final Map<K, Entry<V>> entries = new HashMap<>();

    /** The number of entries, which can be told while one is being opened. */
    private volatile int size;

    /** A value, and the number of those who hold it. */
    private static final class Entry<V> {
        private final V value;
        private int holders;

        Entry(V value) {
            this.value = value;
        }
    }

    /**
     * Opens a value.
     *
     * @param <T> what it results in
     * @param <E> what it may throw
     */
    @FunctionalInterface
    public interface Opening<T, E extends Exception> {
        /** Opens the value. */
        T open() throws E;
    }

    /**
     * Returns the value of {@code key}, and opens it with {@code opening} if nobody holds it. The caller must
     * {@link #release} it once.
     *
     * @throws E when it cannot be opened; nothing is held then
     */
    public synchronized <E extends Exception> V hold(K key, Opening<V, E> opening) throws E {
        Entry<V> entry = entries.get(key);
        if (entry == null) {
            entry = new Entry<>(opening.open());
            entries.put(key, entry);
            size = entries.size();
        }
        entry.holders++;
        return entry.value;
    }

    /**
     * Lets go of the value of {@code key}.
     *
     * @return the value if nobody holds it any more; the caller closes it
     * @throws IllegalStateException when nobody holds it
     */
    public synchronized Optional<V> release(K key) {
        Entry<V> entry = entries.get(key);
        if (entry == null) {
            throw new IllegalStateException("nobody holds " + key + ", so it cannot be released");
        }
        entry.holders--;
        if (entry.holders > 0) {
            return Optional.empty();
        }
        entries.remove(key);
        size = entries.size();
        return Optional.of(entry.value);
    }

    /** Returns the number of values that are open. */
    public int size() {
        return size;
    }
}
