package io.headwater.domain;

import java.time.Duration;
import java.util.Set;

/** Where artifacts live: write-once bytes named by their digest. Safe for use by several threads and processes. */
public interface ArtifactStore {

    /**
     * Keeps {@code bytes} so that they survive a crash from the moment this returns. Keeping the same bytes again is
     * free.
     *
     * @return their name
     * @throws java.io.UncheckedIOException when they could not be kept or read back equal
     */
    Digest put(byte[] bytes);

    /**
     * The bytes named {@code digest}, verified against it.
     *
     * @throws ArtifactException when they are missing, too large or do not hash to their name
     */
    byte[] get(Digest digest);

    /** Whether an artifact of this name is here; its content is not read. */
    boolean contains(Digest digest);

    /**
     * Deletes artifacts and left-over temporary files that nobody refers to.
     *
     * @param referenced never touched
     * @param minimumAge anything younger is never touched
     * @return how many files were deleted
     */
    int sweep(Set<Digest> referenced, Duration minimumAge);
}
