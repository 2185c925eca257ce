package io.headwater.engine;

import io.headwater.domain.Digest;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Features already computed by one backbone, in memory, by the digest of the payload. When it is full, what was used
 * longest ago goes. Safe for use by several threads. Vectors are shared and must not be changed.
 */
public final class FeatureCache {
    // What an entry costs beside its numbers: the map's node, the key's string, object headers.
    private static final long ENTRY_BYTES = 256;

    private final long maxBytes;
    private final Map<Digest, float[]> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private long hits;
    private long misses;

    /** A cache that holds at most {@code maxBytes}; with 0 it keeps nothing. */
    public FeatureCache(long maxBytes) {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("a cache must hold 0 bytes or more, but was given " + maxBytes);
        }
        this.maxBytes = maxBytes;
    }

    /** The features of the payload with that digest, or null. */
    public synchronized float @Nullable [] get(Digest payload) {
        float[] features = entries.get(payload);
        if (features == null) {
            misses++;
        } else {
            hits++;
        }
        return features;
    }

    /** Keeps {@code features}. */
    public synchronized void put(Digest payload, float[] features) {
        float[] previous = entries.put(payload, features);
        bytes += size(features) - (previous == null ? 0 : size(previous));
        Iterator<float[]> oldest = entries.values().iterator();
        while (bytes > maxBytes) {
            bytes -= size(oldest.next());
            oldest.remove();
        }
    }

    /** How often features were found. */
    public synchronized long hits() {
        return hits;
    }

    /** How often they were not. */
    public synchronized long misses() {
        return misses;
    }

    /** About what it holds now, in bytes. */
    public synchronized long bytes() {
        return bytes;
    }

    private static long size(float[] features) {
        return ENTRY_BYTES + 4L * features.length;
    }
}
