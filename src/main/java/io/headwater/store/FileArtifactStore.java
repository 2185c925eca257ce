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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Stores artifacts as files {@code sha256/ab/cdef…} below a root folder, which several processes may share. Several artifacts that
 * are stored together become one file, a {@linkplain Packs pack}.
 *
 * <p>A file is written in {@code tmp} and made durable; then it is renamed atomically to its final
 * name, made durable under that name, and read back. So a file with a final name is always complete, even if the
 * process dies; a later sweep deletes files that a crash leaves in {@code tmp}. Files are read-only; owner and group
 * may read them.
 *
 * <p>A store that this object has seen is not created again: when its folder is away, for example because a volume is not
 * mounted, nothing is written in its place, where it would be out of reach later.
 */
public final class FileArtifactStore implements ArtifactStore {
    /** Fewer artifacts than this become files of their own. */
    private static final int SMALLEST_PACK = 3;

    private static final long LARGEST_PACK = 64L << 20;

    private final StoreLayout layout;
    private final int maximumBytes;
    private final Disk disk;
    private final StoreLock lock;
    private final InstantSource clock;
    private final WriteStages stages;
    private final Packs packs;

    /** Folders whose names this object has made durable. */
    private final Set<Path> durable = ConcurrentHashMap.newKeySet();

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
        this.packs = new Packs(layout, disk, lock, stages);
    }

    /**
     * {@inheritDoc}
     *
     * @throws ArtifactException when there are too many bytes
     */
    @Override
    public Digest put(byte[] bytes) {
        Digest digest = Digest.of(bytes);
        requireSize(digest, bytes);
        try {
            requireFolders();
            disk.ensureIn(layout.artifacts(), layout.folder(digest));
            boolean here = isHere(digest, bytes);
            if (!here) {
                write(digest, bytes);
            }
            // Also done for an existing file, because the thread or process that created it may not have reached this
            // point yet.
            keep(layout.artifacts(), layout.folder(digest));
            if (here && Files.isDirectory(layout.packs())) {
                keep(layout.root(), layout.packs());
            }
            if (!here && !holds(Place.whole(layout.artifact(digest)), bytes)) {
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

    /**
     * {@inheritDoc} Three and more become one pack, if this has at most 64 MiB.
     *
     * @throws ArtifactException when one has too many bytes
     */
    @Override
    public void putAll(Collection<byte[]> artifacts) {
        Map<Digest, byte[]> distinct = new LinkedHashMap<>();
        artifacts.forEach(bytes -> distinct.put(Digest.of(bytes), bytes));
        distinct.forEach(this::requireSize);
        long total = artifacts.stream().mapToLong(bytes -> bytes.length).sum();
        if (distinct.size() < SMALLEST_PACK || total > LARGEST_PACK) {
            distinct.values().forEach(this::put);
            return;
        }
        try {
            requireFolders();
            disk.ensureIn(layout.root(), layout.packs());
            Map<Digest, byte[]> others = new LinkedHashMap<>();
            for (Map.Entry<Digest, byte[]> one : distinct.entrySet()) {
                if (!isHere(one.getKey(), one.getValue())) {
                    others.put(one.getKey(), one.getValue());
                } else if (Files.exists(layout.artifact(one.getKey()))) {
                    // Whoever has written it may not have made it durable yet.
                    keep(layout.artifacts(), layout.folder(one.getKey()));
                }
            }
            if (others.isEmpty()) {
                // Whoever has written these packs may not have made their names durable yet.
                disk.sync(layout.packs());
            } else {
                packs.write(others, now());
            }
            keepParents(layout.root(), layout.packs());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    distinct.size() + " artifacts could not be kept below " + layout.root() + " (" + e
                            + "); check that this is a folder that can be written to, with space left",
                    e);
        }
    }

    private void requireSize(Digest digest, byte[] bytes) {
        if (bytes.length > maximumBytes) {
            throw new ArtifactException("artifact " + digest + " must have at most " + maximumBytes + " bytes, but has "
                    + bytes.length + "; raise the store's limit or keep less in it");
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

    /** Makes the names of the files in {@code folder} durable. */
    private void keep(Path parent, Path folder) throws IOException {
        disk.sync(folder);
        keepParents(parent, folder);
    }

    /** Makes the names of a folder and its parents durable, once. */
    private void keepParents(Path parent, Path folder) throws IOException {
        if (!durable.contains(folder)) {
            disk.sync(parent);
            disk.sync(layout.root());
            durable.add(folder);
        }
    }

    @Override
    public byte[] get(Digest digest) {
        return reading(digest, place -> {
            byte[] bytes = BoundedRead.of(place, maximumBytes);
            Digest found = Digest.of(bytes);
            if (!found.equals(digest)) {
                throw new ArtifactException("artifact " + place + " must hash to its name, but its " + bytes.length
                        + " bytes hash to " + found + "; it is damaged: restore it from a backup");
            }
            return bytes;
        });
    }

    @Override
    public byte[] start(Digest digest, int length) {
        return reading(digest, place -> BoundedRead.start(place, length));
    }

    @Override
    public void renew(Digest digest) {
        try {
            Optional<Place> place = find(digest);
            if (place.isEmpty() || !renewed(place.get())) {
                throw missing(digest);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the time of artifact " + digest + " could not be set at " + layout.artifact(digest) + " (" + e
                            + "); check the permissions of the store",
                    e);
        }
    }

    private byte[] reading(Digest digest, Reading read) {
        try {
            Optional<Place> place = find(digest);
            if (place.isPresent()) {
                try {
                    return read.at(place.get());
                } catch (NoSuchFileException takenOutOfItsPack) {
                    place = find(digest);
                    if (place.isPresent()) {
                        return read.at(place.get());
                    }
                }
            }
            throw missing(digest);
        } catch (NoSuchFileException e) {
            throw missing(digest);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "artifact " + digest + " could not be read from " + layout.artifact(digest) + " (" + e
                            + "); check the disk",
                    e);
        }
    }

    private ArtifactException missing(Digest digest) {
        return new ArtifactException("artifact " + digest + " must be at " + layout.artifact(digest)
                + " or in a pack, but is not; it may be one of a version that the retention has deleted, which"
                + " 'headwater replay' rebuilds; otherwise check that the store is the one it was written to,"
                + " or restore it from a backup");
    }

    private Optional<Place> find(Digest digest) throws IOException {
        Optional<Place> place = inPlace(digest);
        return place.isPresent() ? place : packs.recover(digest);
    }

    /** Returns where the artifact lies, if a file with its name exists. */
    private Optional<Place> inPlace(Digest digest) throws IOException {
        Optional<Place> place = Place.whole(layout.artifact(digest));
        if (place.isEmpty()) {
            place = packs.find(digest);
        }
        // A sweep can have taken it out of its pack between the first look and the second.
        return place.isPresent() ? place : Place.whole(layout.artifact(digest));
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
                    stored(file).ifPresent(sink);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the store below " + layout.root() + " could not be listed (" + e + "); check its permissions", e);
        }
    }

    private static Optional<Stored> stored(Path file) throws IOException {
        try {
            BasicFileAttributes found =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            Instant modified = found.lastModifiedTime().toInstant();
            Optional<Digest> own = StoreLayout.digest(file);
            if (!found.isRegularFile()) {
                return Optional.empty();
            } else if (own.isPresent()) {
                return Optional.of(new Stored(own.get(), found.size(), modified));
            }
            Optional<Digest> packed = StoreLayout.pointed(file);
            return packed.isEmpty()
                    ? Optional.empty()
                    : Pointer.read(file).map(pointer -> new Stored(packed.get(), pointer.length(), modified));
        } catch (NoSuchFileException takenBySomeoneElse) {
            return Optional.empty();
        }
    }

    /** Returns the size of an artifact in bytes; empty when it is not in the store. */
    public OptionalLong size(Digest digest) {
        try {
            return find(digest).map(place -> OptionalLong.of(place.length())).orElse(OptionalLong.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "artifact " + digest + " could not be looked at below " + layout.root() + " (" + e
                            + "); check the permissions of the store",
                    e);
        }
    }

    @Override
    public boolean contains(Digest digest) {
        try {
            return find(digest).isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public int sweep(Set<Digest> referenced, Duration minimumAge) {
        if (minimumAge.isNegative()) {
            throw new IllegalArgumentException("minimumAge must be at least 0, but is " + minimumAge);
        }
        return new Sweep(layout, disk, lock, packs, referenced, clock.instant().minus(minimumAge)).run();
    }

    /**
     * Returns whether the artifact exists and is complete. In this case its modification time is renewed, so that no
     * sweep deletes it.
     */
    private boolean isHere(Digest digest, byte[] bytes) throws IOException {
        Optional<Place> place = inPlace(digest);
        return place.isPresent() && renewed(place.get()) && holds(place, bytes);
    }

    private boolean renewed(Place place) throws IOException {
        return lock.holding(() -> {
            if (!Files.isRegularFile(place.file()) || !Files.exists(place.name())) {
                return false;
            }
            Files.setLastModifiedTime(place.name(), now());
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

    private boolean holds(Optional<Place> place, byte[] bytes) throws IOException {
        return place.isPresent()
                && place.get().length() == bytes.length
                && Arrays.equals(BoundedRead.of(place.get(), maximumBytes), bytes);
    }

    private FileTime now() {
        return FileTime.from(clock.instant());
    }

    /** Reads bytes of an artifact. */
    private interface Reading {
        byte[] at(Place place) throws IOException;
    }
}
