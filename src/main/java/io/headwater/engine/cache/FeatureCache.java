package io.headwater.engine.cache;

import io.headwater.domain.Digest;
import java.io.IOException;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A cache of features computed by one backbone, keyed by the digest of the payload. The first level is in memory, which several
 * caches may share, and evicts the least recently used entries; the optional second level is a file that overwrites the oldest
 * entries. Features are returned bit for bit as they were put. Thread-safe. Vectors are shared and must not be modified.
 */
public final class FeatureCache implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(FeatureCache.class);

    private final FeatureMemory memory;
    private final @Nullable FeatureFile file;
    private final FeatureCounts counts;

    /** Used only by the memory, under its lock. */
    long memoryBytes;

    /** Creates a cache in memory only that holds at most {@code maxBytes}; with 0 it keeps nothing. */
    public FeatureCache(long maxBytes) {
        this(new FeatureMemory(maxBytes), null);
    }

    private FeatureCache(FeatureMemory memory, @Nullable FeatureFile file) {
        this.memory = memory;
        this.file = file;
        this.counts = memory.add(this);
    }

    /**
     * Opens a cache in {@code memory} and the file of {@code backbone} in {@code files}; without a file if none is configured or
     * it cannot be used.
     *
     * @param computing everything other than the backbone on which the bits of features depend: library, device,
     *     threads, processor
     */
    public static FeatureCache open(
            FeatureMemory memory, FeatureFiles files, Digest backbone, Map<String, String> computing) {
        return new FeatureCache(memory, files.open(backbone, computing));
    }

    /** As {@link #open(FeatureMemory, FeatureFiles, Digest, Map)}, with at most {@code maxBytes} in a memory of its own. */
    public static FeatureCache open(long maxBytes, FeatureFiles files, Digest backbone, Map<String, String> computing) {
        return open(new FeatureMemory(maxBytes), files, backbone, computing);
    }

    /** The features of the payload with this digest, or null. */
    public float @Nullable [] get(Digest payload) {
        float[] features = memory.get(this, payload);
        if (features != null) {
            counts.inMemory();
            return features;
        }
        features = file == null ? null : file.get(payload);
        if (features == null) {
            counts.missing(file != null);
            return null;
        }
        counts.inFile();
        memory.put(this, payload, features);
        return features;
    }

    /** Stores {@code features}. */
    public void put(Digest payload, float[] features) {
        memory.put(this, payload, features);
        if (file != null) {
            file.put(payload, features);
        }
    }

    /** The number of lookups that found features in memory or in the file. */
    public long hits() {
        return memoryHits() + fileHits();
    }

    /** The number of lookups that found features in memory. */
    public long memoryHits() {
        return counts.memoryHits();
    }

    /** The number of lookups that found features in the file. */
    public long fileHits() {
        return counts.fileHits();
    }

    /** The number of lookups that did not find features. */
    public long misses() {
        return counts.misses();
    }

    /** The approximate current size in memory in bytes. */
    public long bytes() {
        return memory.bytesOf(this);
    }

    /** The current size of the file in bytes; 0 without a file. */
    public long fileBytes() {
        return file == null ? 0 : file.bytes();
    }

    /** Whether there is a file. */
    public boolean hasFile() {
        return file != null;
    }

    /** Closes the file, which is kept for the next process, and leaves the memory. */
    @Override
    public void close() {
        memory.remove(this);
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                LOG.debugf(e, "features-file-not-closed"); // it is a cache
            }
        }
    }
}
