package io.headwater.store;

import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A store that collects artifacts and stores them together, which needs fewer syncs than to store one after another. What was put
 * can be read at once, but is durable only after {@link #flush}: no event may refer to it before. Safe for use by several threads, whose
 * order makes no difference to what is stored.
 */
public final class ArtifactBatch implements ArtifactStore {
    /** Larger artifacts are stored at once; a sync costs little beside so many bytes. */
    private static final int LARGE = 1 << 20;

    /** Bytes after which what was collected is stored, so that memory is bounded. */
    private static final long FULL = 16L << 20;

    private final ArtifactStore store;
    private final Map<Digest, byte[]> collected = new LinkedHashMap<>();
    private long bytes;

    /** Creates an empty batch of what {@code store} will hold. */
    public ArtifactBatch(ArtifactStore store) {
        this.store = store;
    }

    @Override
    public Digest put(byte[] artifact) {
        if (artifact.length > LARGE) {
            return store.put(artifact);
        }
        Digest digest = Digest.of(artifact);
        collect(digest, artifact);
        return digest;
    }

    private synchronized void collect(Digest digest, byte[] artifact) {
        if (collected.putIfAbsent(digest, artifact) == null) {
            bytes += artifact.length;
        }
        if (bytes > FULL) {
            flush();
        }
    }

    /**
     * Stores what was collected, durably.
     *
     * @throws java.io.UncheckedIOException when it cannot be stored; the next call tries again
     */
    public synchronized void flush() {
        if (!collected.isEmpty()) {
            store.putAll(collected.values());
            clear();
        }
    }

    /** Forgets what was collected and not stored. */
    public synchronized void clear() {
        collected.clear();
        bytes = 0;
    }

    @Override
    public byte[] get(Digest digest) {
        byte[] here = collected(digest);
        return here == null ? store.get(digest) : here.clone();
    }

    @Override
    public byte[] start(Digest digest, int length) {
        byte[] here = collected(digest);
        return here == null ? store.start(digest, length) : Arrays.copyOf(here, Math.min(length, here.length));
    }

    @Override
    public void renew(Digest digest) {
        if (collected(digest) == null) {
            store.renew(digest);
        }
    }

    @Override
    public boolean contains(Digest digest) {
        return collected(digest) != null || store.contains(digest);
    }

    private synchronized byte @Nullable [] collected(Digest digest) {
        return collected.get(digest);
    }

    @Override
    public int sweep(Set<Digest> referenced, Duration minimumAge) {
        return store.sweep(referenced, minimumAge);
    }
}
