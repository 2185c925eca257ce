package io.headwater.engine.cache;

import io.headwater.domain.Digest;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A cache of features computed by one backbone, keyed by the digest of the payload. The first level is in memory and
 * evicts the least recently used entries; the optional second level is a file that overwrites the oldest entries.
 * Features are returned bit for bit as they were put. Thread-safe. Vectors are shared and must not be modified.
 */
public final class FeatureCache implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(FeatureCache.class);
    // The size of an entry in addition to its values: the map's node, the key's string and object headers.
    private static final long ENTRY_BYTES = 256;

    private final long maxBytes;
    private final @Nullable FeatureFile file;
    private final Map<Digest, float[]> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private final AtomicLong memoryHits = new AtomicLong();
    private final AtomicLong fileHits = new AtomicLong();
    private final AtomicLong misses = new AtomicLong();

    /** Creates a cache in memory only that holds at most {@code maxBytes}; with 0 it keeps nothing. */
    public FeatureCache(long maxBytes) {
        this(maxBytes, null);
    }

    FeatureCache(long maxBytes, @Nullable FeatureFile file) {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("a cache must hold 0 bytes or more, but was given " + maxBytes);
        }
        this.maxBytes = maxBytes;
        this.file = file;
    }

    /**
     * Opens a cache of at most {@code maxBytes} in memory and the file of {@code backbone} in {@code files}; without a
     * file if none is configured or it cannot be used.
     *
     * @param computing everything other than the backbone on which the bits of features depend: library, device,
     *     threads, processor
     */
    public static FeatureCache open(long maxBytes, FeatureFiles files, Digest backbone, Map<String, String> computing) {
        return new FeatureCache(maxBytes, files.open(backbone, computing));
    }

    /** The features of the payload with this digest, or null. */
    public float @Nullable [] get(Digest payload) {
        float[] features = inMemory(payload);
        if (features != null) {
            memoryHits.incrementAndGet();
            return features;
        }
        features = file == null ? null : file.get(payload);
        if (features == null) {
            misses.incrementAndGet();
            return null;
        }
        fileHits.incrementAndGet();
        remember(payload, features);
        return features;
    }

    /** Stores {@code features}. */
    public void put(Digest payload, float[] features) {
        remember(payload, features);
        if (file != null) {
            file.put(payload, features);
        }
    }

    private synchronized float @Nullable [] inMemory(Digest payload) {
        return entries.get(payload);
    }

    private synchronized void remember(Digest payload, float[] features) {
        float[] previous = entries.put(payload, features);
        bytes += size(features) - (previous == null ? 0 : size(previous));
        Iterator<float[]> oldest = entries.values().iterator();
        while (bytes > maxBytes) {
            bytes -= size(oldest.next());
            oldest.remove();
        }
    }

    /** The number of lookups that found features in memory or in the file. */
    public long hits() {
        return memoryHits() + fileHits();
    }

    /** The number of lookups that found features in memory. */
    public long memoryHits() {
        return memoryHits.get();
    }

    /** The number of lookups that did not find features in memory. */
    public long memoryMisses() {
        return fileHits() + misses();
    }

    /** The number of lookups that found features in the file. */
    public long fileHits() {
        return fileHits.get();
    }

    /** The number of lookups that found features neither in memory nor in the file; 0 without a file. */
    public long fileMisses() {
        return file == null ? 0 : misses();
    }

    /** The number of lookups that did not find features. */
    public long misses() {
        return misses.get();
    }

    /** The approximate current size in memory in bytes. */
    public synchronized long bytes() {
        return bytes;
    }

    /** The current size of the file in bytes; 0 without a file. */
    public long fileBytes() {
        return file == null ? 0 : file.bytes();
    }

    /** Whether there is a file. */
    public boolean hasFile() {
        return file != null;
    }

    /** Closes the file, which is kept for the next process. The cache can still be used in memory only. */
    @Override
    public void close() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                LOG.debugf(e, "features-file-not-closed"); // it is a cache
            }
        }
    }

    private static long size(float[] features) {
        return ENTRY_BYTES + 4L * features.length;
    }
}
