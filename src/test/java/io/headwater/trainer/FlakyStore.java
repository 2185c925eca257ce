package io.headwater.trainer;

import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A store whose reads and writes fail on demand. */
final class FlakyStore implements ArtifactStore {
    private final ArtifactStore store;
    private final AtomicInteger gets = new AtomicInteger();
    private final AtomicInteger puts = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    FlakyStore(ArtifactStore store) {
        this.store = store;
    }

    /** Makes the next {@code n} reads fail. */
    void failGets(int n) {
        gets.set(n);
    }

    /** Makes the next {@code n} writes fail. */
    void failPuts(int n) {
        puts.set(n);
    }

    int failed() {
        return failed.get();
    }

    @Override
    public Digest put(byte[] bytes) {
        failOneOf(puts);
        return store.put(bytes);
    }

    @Override
    public byte[] get(Digest digest) {
        failOneOf(gets);
        return store.get(digest);
    }

    private void failOneOf(AtomicInteger left) {
        if (left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            failed.incrementAndGet();
            throw new UncheckedIOException(new IOException("Input/output error"));
        }
    }

    @Override
    public boolean contains(Digest digest) {
        return store.contains(digest);
    }

    @Override
    public int sweep(Set<Digest> referenced, Duration minimumAge) {
        return store.sweep(referenced, minimumAge);
    }
}
