package io.headwater.engine.cache;

import io.headwater.domain.Digest;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The memory of all feature caches of a process: it holds a maximum number of bytes, however many caches there are, and evicts
 * the entries that were not used for the longest time, whichever cache they belong to. It also counts for all its caches
 * together, including those that were closed. Thread-safe.
 */
public final class FeatureMemory {
    // The size of an entry in addition to its values: the map's node, the key's string and object headers.
    private static final long ENTRY_BYTES = 256;

    private final long maxBytes;
    private final Map<Key, float[]> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final List<FeatureCache> caches = new CopyOnWriteArrayList<>();
    private final FeatureCounts counts = new FeatureCounts(null);
    private long bytes;

    /** The features of a payload in one of the caches, each of which is equal only to itself. */
    private record Key(FeatureCache cache, Digest payload) {}

    /**
     * Creates an empty memory.
     *
     * @param maxBytes maximum size; with 0 it keeps nothing
     */
    public FeatureMemory(long maxBytes) {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("a cache must hold 0 bytes or more, but was given " + maxBytes);
        }
        this.maxBytes = maxBytes;
    }

    /** Adds a cache and returns its counts. */
    FeatureCounts add(FeatureCache cache) {
        caches.add(cache);
        return new FeatureCounts(counts);
    }

    /** Forgets a cache and what it holds. */
    synchronized void remove(FeatureCache cache) {
        caches.remove(cache);
        entries.keySet().removeIf(key -> key.cache() == cache);
        bytes -= cache.memoryBytes;
        cache.memoryBytes = 0;
    }

    synchronized float @Nullable [] get(FeatureCache cache, Digest payload) {
        return entries.get(new Key(cache, payload));
    }

    synchronized void put(FeatureCache cache, Digest payload, float[] features) {
        float[] previous = entries.put(new Key(cache, payload), features);
        grow(cache, size(features) - (previous == null ? 0 : size(previous)));
        Iterator<Map.Entry<Key, float[]>> oldest = entries.entrySet().iterator();
        while (bytes > maxBytes) {
            Map.Entry<Key, float[]> evicted = oldest.next();
            grow(evicted.getKey().cache(), -size(evicted.getValue()));
            oldest.remove();
        }
    }

    private void grow(FeatureCache cache, long by) {
        bytes += by;
        cache.memoryBytes += by;
    }

    /** Returns the number of bytes of {@code cache}. */
    synchronized long bytesOf(FeatureCache cache) {
        return cache.memoryBytes;
    }

    /** Returns the approximate current size of all caches in memory in bytes. */
    public synchronized long bytes() {
        return bytes;
    }

    /** Returns the current size of the files of all caches in bytes. */
    public long fileBytes() {
        return caches.stream().mapToLong(FeatureCache::fileBytes).sum();
    }

    /** Returns the number of lookups that found features in memory. */
    public long hits() {
        return counts.memoryHits();
    }

    /** Returns the number of lookups that did not find features in memory. */
    public long misses() {
        return counts.fileHits() + counts.misses();
    }

    /** Returns the number of lookups that found features in a file. */
    public long fileHits() {
        return counts.fileHits();
    }

    /** Returns the number of lookups that found features neither in memory nor in a file, of caches that have a file. */
    public long fileMisses() {
        return counts.fileMisses();
    }

    private static long size(float[] features) {
        return ENTRY_BYTES + 4L * features.length;
    }
}
