package io.headwater.store;

import io.headwater.domain.ArtifactException;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Stores artifacts as files {@code sha256/ab/cdef…} below a root folder, which several processes may share.
 *
 * <p>An artifact is written to a file in {@code tmp} and made durable; then the file is renamed atomically to its final
 * name, made durable under that name, and read back. So a file with a final name is always complete, even if the
 * process dies; a later sweep deletes files that a crash leaves in {@code tmp}. Files are read-only; owner and group
 * may read them.
 *
 * <p>A store that this object has seen is not created again: when its folder is away, for example because a volume is not
 * mounted, nothing is written in its place, where it would be out of reach later.
 */
public final class FileArtifactStore implements ArtifactStore {
    private final StoreLayout layout;
    private final int maximumBytes;
    private final Disk disk;
    private final StoreLock lock;
    private final InstantSource clock;
    private final WriteStages stages;

    /** Whether the store has been here, so that its folders must be here now. */
    private volatile boolean seen;

    /**
     * Creates a store below {@code root}, which is created when the first artifact is stored.
     *
     * @param maximumBytes maximum size of one artifact, 1 to 2147483639 (the largest array in Java)
     */
    public FileArtifactStore(Path root, long maximumBytes) {
        this(root, maximumBytes, InstantSource.system());
    }

    /** Creates a store that uses {@code clock} both for the modification times of files and for sweeps. */
    public FileArtifactStore(Path root, long maximumBytes, InstantSource clock) {
        this(root, maximumBytes, clock, WriteStages.NONE);
    }

    FileArtifactStore(Path root, long maximumBytes, InstantSource clock, WriteStages stages) {
        if (maximumBytes < 1 || maximumBytes > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "maximumBytes must be 1 to " + (Integer.MAX_VALUE - 8) + ", but is " + maximumBytes);
        }
        this.layout = new StoreLayout(root.toAbsolutePath().normalize());
        this.maximumBytes = (int) maximumBytes;
        this.disk = Disk.of(root);
        this.lock = new StoreLock(layout.lock());
        this.clock = clock;
        this.stages = stages;
    }

    /**
     * {@inheritDoc}
     *
     * @throws ArtifactException when there are too many bytes
     */
    @Override
    public Digest put(byte[] bytes) {
        Digest digest = Digest.of(bytes);
        if (bytes.length > maximumBytes) {
            throw new ArtifactException("artifact " + digest + " must have at most " + maximumBytes + " bytes, but has "
                    + bytes.length + "; raise the store's limit or keep less in it");
        }
        try {
            requireFolders();
            disk.ensureIn(layout.artifacts(), layout.folder(digest));
            boolean here = isHere(digest, bytes);
            if (!here) {
                write(digest, bytes);
            }
            // Also done for an existing file, because the thread or process that created it may not have reached this
            // point yet.
            disk.sync(layout.folder(digest));
            disk.sync(layout.artifacts());
            disk.sync(layout.root());
            if (!here && !holds(layout.artifact(digest), bytes)) {
                throw new IOException("what was read back differs from what was written");
            }
            return digest;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "artifact " + digest + " could not be kept below " + layout.root() + " (" + e
                            + "); check that this is a folder that can be written to, with space left",
                    e);
        }
    }

    /** Creates the folders of a new store; those of a store that was here must be here. */
    private void requireFolders() throws IOException {
        if (!seen) {
            disk.ensure(layout.artifacts());
            disk.ensure(layout.temporaries());
            lock.create();
            seen = true;
        } else if (!Files.isDirectory(layout.temporaries())) {
            throw new NoSuchFileException(
                    layout.temporaries().toString(),
                    null,
                    "the store was here and is not here any more; is it mounted?");
        }
    }

    @Override
    public byte[] get(Digest digest) {
        Path file = layout.artifact(digest);
        byte[] bytes;
        try {
            bytes = BoundedRead.of(file, maximumBytes);
        } catch (NoSuchFileException e) {
            throw missing(digest, file);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "artifact " + digest + " could not be read from " + file + " (" + e + "); check the disk", e);
        }
        Digest found = Digest.of(bytes);
        if (!found.equals(digest)) {
            throw new ArtifactException("artifact " + file + " must hash to its name, but its " + bytes.length
                    + " bytes hash to " + found + "; it is damaged: restore it from a backup");
        }
        return bytes;
    }

    @Override
    public void renew(Digest digest) {
        Path file = layout.artifact(digest);
        try {
            if (!Files.isRegularFile(file) || !renewed(file)) {
                throw missing(digest, file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the time of artifact " + digest + " could not be set at " + file + " (" + e
                            + "); check the permissions of the store",
                    e);
        }
    }

    @Override
    public byte[] start(Digest digest, int length) {
        Path file = layout.artifact(digest);
        try {
            return BoundedRead.start(file, length);
        } catch (NoSuchFileException e) {
            throw missing(digest, file);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "artifact " + digest + " could not be read from " + file + " (" + e + "); check the disk", e);
        }
    }

    private static ArtifactException missing(Digest digest, Path file) {
        return new ArtifactException(
                "artifact " + digest + " must be at " + file
                        + ", but is not; it may be one of a version that the retention has deleted, which 'headwater replay' rebuilds; otherwise check that the store is the one it was written to, or restore it from a backup");
    }

    /**
     * An artifact in a store.
     *
     * @param bytes its size
     * @param modified when it was stored last
     */
    public record Stored(Digest digest, long bytes, Instant modified) {}

    /** Passes all artifacts to {@code sink}, in no order; what is deleted meanwhile may be left out. */
    public void list(Consumer<Stored> sink) {
        try {
            for (Path folder : Sweep.children(layout.artifacts())) {
                for (Path file : Sweep.children(folder)) {
                    Optional<Digest> digest = StoreLayout.digest(file);
                    if (digest.isPresent()) {
                        stored(digest.get(), file).ifPresent(sink);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the store below " + layout.root() + " could not be listed (" + e + "); check its permissions", e);
        }
    }

    private static Optional<Stored> stored(Digest digest, Path file) throws IOException {
        try {
            BasicFileAttributes found =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return found.isRegularFile()
                    ? Optional.of(new Stored(
                            digest, found.size(), found.lastModifiedTime().toInstant()))
                    : Optional.empty();
        } catch (NoSuchFileException takenBySomeoneElse) {
            return Optional.empty();
        }
    }

    @Override
    public boolean contains(Digest digest) {
        return Files.isRegularFile(layout.artifact(digest));
    }

    @Override
    public int sweep(Set<Digest> referenced, Duration minimumAge) {
        if (minimumAge.isNegative()) {
            throw new IllegalArgumentException("minimumAge must be at least 0, but is " + minimumAge);
        }
        return new Sweep(layout, lock, referenced, clock.instant().minus(minimumAge)).run();
    }

    /**
     * Returns whether the artifact exists and is complete. In this case its modification time is renewed, so that no
     * sweep deletes it.
     */
    private boolean isHere(Digest digest, byte[] bytes) throws IOException {
        Path file = layout.artifact(digest);
        return renewed(file) && holds(file, bytes);
    }

    private boolean renewed(Path file) throws IOException {
        return lock.holding(() -> {
            if (!Files.isRegularFile(file)) {
                return false;
            }
            Files.setLastModifiedTime(file, now());
            return true;
        });
    }

    private void write(Digest digest, byte[] bytes) throws IOException {
        Path temporary = layout.temporary(digest);
        try {
            disk.write(temporary, bytes, written -> {
                disk.makeReadOnly(written);
                Files.setLastModifiedTime(written, now());
            });
            stages.afterTempWrite(digest);
            Files.move(temporary, layout.artifact(digest), StandardCopyOption.ATOMIC_MOVE);
            stages.afterRename(digest);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private boolean holds(Path file, byte[] bytes) throws IOException {
        return Files.size(file) == bytes.length && Arrays.equals(BoundedRead.of(file, maximumBytes), bytes);
    }

    private FileTime now() {
        return FileTime.from(clock.instant());
    }
}
