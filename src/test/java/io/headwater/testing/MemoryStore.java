package io.headwater.testing;

import io.headwater.domain.ArtifactException;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Artifacts in memory. */
public final class MemoryStore implements ArtifactStore {
    private final Map<Digest, byte[]> artifacts = new TreeMap<>();
    private boolean full;

    /** Returns a store that has one of the artifacts, and those of others that this one has. */
    public MemoryStore with(Digest one, Collection<Digest> others) {
        MemoryStore some = new MemoryStore();
        some.put(get(one));
        others.stream().filter(this::contains).forEach(digest -> some.put(get(digest)));
        return some;
    }

    /** Sets whether nothing more can be stored. */
    public void fill(boolean up) {
        full = up;
    }

    /** Returns the size of all artifacts together. */
    public long bytes() {
        return artifacts.values().stream().mapToLong(bytes -> bytes.length).sum();
    }

    @Override
    public Digest put(byte[] bytes) {
        if (full) {
            throw new UncheckedIOException(new IOException("no space left"));
        }
        Digest digest = Digest.of(bytes);
        artifacts.put(digest, bytes);
        return digest;
    }

    @Override
    public byte[] get(Digest digest) {
        byte[] bytes = artifacts.get(digest);
        if (bytes == null) {
            throw new ArtifactException("artifact " + digest + " is missing");
        }
        return bytes;
    }

    @Override
    public boolean contains(Digest digest) {
        return artifacts.containsKey(digest);
    }

    @Override
    public int sweep(Set<Digest> referenced, Duration minimumAge) {
        int before = artifacts.size();
        artifacts.keySet().retainAll(referenced);
        return before - artifacts.size();
    }
}
