package io.headwater.domain;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;

/**
 * Stores artifacts: immutable byte sequences that are identified by their digest. Safe for use by several threads and
 * processes.
 */
public interface ArtifactStore {

    /**
     * Stores {@code bytes} durably: once this method returns, they survive a crash. Storing the same bytes again has no
     * cost.
     *
     * @return the digest of {@code bytes}
     * @throws java.io.UncheckedIOException when they cannot be stored, or when reading them back gives different bytes
     */
    Digest put(byte[] bytes);

    /**
     * Stores several artifacts durably, as {@link #put} does for each, but perhaps with fewer syncs.
     *
     * @throws java.io.UncheckedIOException when one cannot be stored; others may be stored then
     */
    default void putAll(Collection<byte[]> artifacts) {
        artifacts.forEach(this::put);
    }

    /**
     * Returns the bytes with the digest {@code digest}, after verifying it.
     *
     * @throws ArtifactException when they are missing, are too large, or do not match the digest
     */
    byte[] get(Digest digest);

    /**
     * Returns the first bytes of an artifact, which are not verified.
     *
     * @param length how many; all bytes when there are fewer
     * @throws ArtifactException when the artifact is missing
     */
    default byte[] start(Digest digest, int length) {
        byte[] all = get(digest);
        return all.length <= length ? all : Arrays.copyOf(all, length);
    }

    /**
     * Makes an artifact as young as one that has just been stored, so that no sweep deletes it before an event refers to it.
     *
     * @throws ArtifactException when it is missing
     */
    default void renew(Digest digest) {
        put(get(digest));
    }

    /** Returns whether the store has an artifact with this digest, without reading its content. */
    boolean contains(Digest digest);

    /**
     * Deletes artifacts that are not referenced, and left-over temporary files.
     *
     * @param referenced digests of artifacts that must be kept
     * @param minimumAge files younger than this are kept
     * @return the number of deleted files
     */
    int sweep(Set<Digest> referenced, Duration minimumAge);
}
