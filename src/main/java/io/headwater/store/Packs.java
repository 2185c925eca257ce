package io.headwater.store;

import io.headwater.domain.Digest;
import io.headwater.store.PackIndex.Entry;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Artifacts that were stored together, as one file with one sync. Beside the artifacts in files of their own, a small file for each
 * one points into its pack. These pointers are not synced: a power failure can lose them, and they are written again from the packs.
 */
final class Packs {
    private static final Logger LOG = Logger.getLogger(Packs.class);

    private final StoreLayout layout;
    private final Disk disk;
    private final StoreLock lock;
    private final WriteStages stages;

    /** Packs whose artifacts had pointers when they were last looked at. */
    private final Set<Digest> pointed = new HashSet<>();

    /** When the folder had changed last as {@code pointed} was completed. */
    private @Nullable FileTime completedAt;

    Packs(StoreLayout layout, Disk disk, StoreLock lock, WriteStages stages) {
        this.layout = layout;
        this.disk = disk;
        this.lock = lock;
        this.stages = stages;
    }

    /** Stores {@code artifacts}, which are as old as {@code now}. The folder of the packs must exist. */
    void write(Map<Digest, byte[]> artifacts, FileTime now) throws IOException {
        PackIndex index = PackIndex.of(artifacts);
        byte[] bytes = index.pack(artifacts);
        Digest name = index.name();
        Path temporary = layout.temporary(name);
        try {
            disk.write(temporary, bytes, written -> {
                disk.makeReadOnly(written);
                Files.setLastModifiedTime(written, now);
            });
            stages.afterTempWrite(name);
            // Under the lock, so that no sweep takes it for an old pack of the same name.
            lock.holding(() -> {
                Files.move(temporary, layout.pack(name), StandardCopyOption.ATOMIC_MOVE);
                return true;
            });
            stages.afterRename(name);
        } finally {
            Files.deleteIfExists(temporary);
        }
        disk.sync(layout.packs());
        Place pack = Place.whole(layout.pack(name)).orElseThrow(() -> new NoSuchFileException(name.hex()));
        if (!Arrays.equals(BoundedRead.of(pack, Integer.MAX_VALUE), bytes)) {
            throw new IOException("what was read back differs from what was written");
        }
        for (Entry entry : index.entries()) {
            point(entry, name, now);
        }
    }

    /** Returns where {@code digest} lies, if a pointer says so. */
    Optional<Place> find(Digest digest) throws IOException {
        Path name = layout.pointer(digest);
        Optional<Pointer> pointer = Pointer.read(name);
        if (pointer.isEmpty()) {
            return Optional.empty();
        }
        Path pack = layout.pack(pointer.get().pack());
        return Files.isRegularFile(pack)
                ? Optional.of(new Place(
                        name, pack, pointer.get().offset(), pointer.get().length()))
                : Optional.empty();
    }

    /**
     * Returns where {@code digest} lies according to the packs themselves, and writes the pointers that are missing. Each pack is
     * looked at once.
     */
    synchronized Optional<Place> recover(Digest digest) throws IOException {
        if (!Files.isDirectory(layout.packs())) {
            return Optional.empty();
        }
        FileTime changed = Files.getLastModifiedTime(layout.packs());
        if (changed.equals(completedAt)) {
            return Optional.empty();
        }
        Optional<Place> found = Optional.empty();
        Set<Digest> here = new HashSet<>();
        boolean isComplete = true;
        for (Path file : Sweep.children(layout.packs())) {
            Digest name = StoreLayout.packName(file).orElse(null);
            if (name == null) {
                continue;
            }
            here.add(name);
            if (pointed.contains(name)) {
                continue;
            }
            PackIndex index = PackIndex.read(file).orElse(null);
            if (index == null) {
                continue;
            }
            found = found.or(() -> index.entries().stream()
                    .filter(entry -> entry.digest().equals(digest))
                    .map(entry -> new Place(layout.pointer(digest), file, entry.offset(), entry.length()))
                    .findFirst());
            if (complete(index, name, file)) {
                pointed.add(name);
            } else {
                isComplete = false;
            }
        }
        pointed.retainAll(here);
        completedAt = isComplete ? changed : null;
        return found;
    }

    /** Writes the pointers into {@code pack} that are missing; returns whether all are there, or false when the store is read-only. */
    boolean complete(PackIndex index, Digest name, Path pack) {
        try {
            for (Entry entry : index.entries()) {
                if (find(entry.digest()).isEmpty() && !Files.isRegularFile(layout.artifact(entry.digest()))) {
                    point(entry, name, Files.getLastModifiedTime(pack));
                }
            }
            return true;
        } catch (IOException e) {
            // The store can be read-only here; what is in the pack can be read all the same.
            LOG.debugf(e, "pointers-not-written pack=%s", pack);
            return false;
        }
    }

    private void point(Entry entry, Digest pack, FileTime time) throws IOException {
        Path pointer = layout.pointer(entry.digest());
        byte[] content = new Pointer(pack, entry.offset(), entry.length()).toBytes();
        disk.ensureUnsynced(layout.folder(entry.digest()));
        try {
            disk.writeUnsynced(pointer, content, time);
        } catch (FileAlreadyExistsException damagedOrOfAnotherPack) {
            Path temporary = layout.temporary(entry.digest());
            try {
                disk.writeUnsynced(temporary, content, time);
                Files.move(temporary, pointer, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        }
        stages.afterPointer(entry.digest());
    }
}
