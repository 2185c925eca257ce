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
 * Features already computed by one backbone, by the digest of the payload: in memory, where what was used longest ago goes
 * first, and behind that in a file, if there is one, where the oldest do. What is found is what was put, bit for bit. Safe
 * for use by several threads. Vectors are shared and must not be changed.
 */
public final class FeatureCache implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(FeatureCache.class);
    // What an entry costs beside its numbers: the map's node, the key's string, object headers.
    private static final long ENTRY_BYTES = 256;

    private final long maxBytes;
    private final @Nullable FeatureFile file;
    private final Map<Digest, float[]> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private final AtomicLong memoryHits = new AtomicLong();
    private final AtomicLong fileHits = new AtomicLong();
    private final AtomicLong misses = new AtomicLong();

    /** A cache in memory alone that holds at most {@code maxBytes}; with 0 it keeps nothing. */
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
     * A cache of at most {@code maxBytes} in memory and a file of {@code backbone} among {@code files}; without one where
     * there is to be none or can be none.
     *
     * @param computing what the bits of features depend on beside the backbone: library, device, threads, processor
     */
    public static FeatureCache open(long maxBytes, FeatureFiles files, Digest backbone, Map<String, String> computing) {
        return new FeatureCache(maxBytes, files.open(backbone, computing));
    }

    /** The features of the payload with that digest, or null. */
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

    /** Keeps {@code features}. */
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

    /** How often features were found, in memory or in the file. */
    public long hits() {
        return memoryHits() + fileHits();
    }

    /** How often they were found in memory. */
    public long memoryHits() {
        return memoryHits.get();
    }

    /** How often they were not found in memory. */
    public long memoryMisses() {
        return fileHits() + misses();
    }

    /** How often they were found in the file. */
    public long fileHits() {
        return fileHits.get();
    }

    /** How often they were found neither in memory nor in the file; 0 without one. */
    public long fileMisses() {
        return file == null ? 0 : misses();
    }

    /** How often they were found nowhere. */
    public long misses() {
        return misses.get();
    }

    /** About what it holds in memory now, in bytes. */
    public synchronized long bytes() {
        return bytes;
    }

    /** What its file takes now, in bytes; 0 without one. */
    public long fileBytes() {
        return file == null ? 0 : file.bytes();
    }

    /** Whether there is a file. */
    public boolean hasFile() {
        return file != null;
    }

    /** Lets the file go; it stays for the next process. The cache can still be used, in memory alone. */
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
