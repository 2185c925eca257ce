package io.headwater.store;

import io.headwater.domain.Digest;
import io.headwater.store.PackIndex.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Deletes old packs of which at most half is still needed. What is needed of them gets files of its own before. Pointers that a
 * power failure has lost are written again first: without them, what is needed could not be told from what was taken out.
 *
 * @param youngFrom what was modified at this time or later is kept
 */
record PackSweep(
        StoreLayout layout, Disk disk, StoreLock lock, Packs packs, Set<Digest> referenced, Instant youngFrom) {
    private static final Logger LOG = Logger.getLogger(PackSweep.class);

    /** Returns the number of deleted files. */
    int run() throws IOException {
        int deleted = 0;
        for (Path file : Sweep.children(layout.packs())) {
            Digest name = StoreLayout.packName(file).orElse(null);
            if (name != null && isOld(file)) {
                PackIndex index = PackIndex.read(file).orElse(null);
                if (index != null && packs.complete(index, name, file)) {
                    deleted += sweep(file, name, index);
                }
            }
        }
        return deleted;
    }

    private int sweep(Path file, Digest name, PackIndex index) throws IOException {
        List<Entry> needed = new ArrayList<>();
        List<Path> others = new ArrayList<>();
        for (Entry entry : index.entries()) {
            Path pointer = layout.pointer(entry.digest());
            if (!pointsInto(pointer, name)) {
                continue;
            }
            if (referenced.contains(entry.digest()) || !isOld(pointer)) {
                needed.add(entry);
            } else {
                others.add(pointer);
            }
        }
        if (2 * bytes(needed) > bytes(index.entries())) {
            return 0;
        }
        Set<Path> folders = new HashSet<>();
        for (Entry entry : needed) {
            if (!takeOut(entry, file)) {
                LOG.warnf(
                        "pack-damaged pack=%s artifact=%s; restore the file from a backup",
                        file, entry.digest().hex());
                return 0;
            }
            folders.add(layout.folder(entry.digest()));
        }
        for (Path folder : folders) {
            disk.sync(folder);
        }
        boolean gone = lock.holding(() -> {
            // Somebody may have stored one of the others again meanwhile.
            for (Path pointer : others) {
                if (!isOld(pointer)) {
                    return false;
                }
            }
            return isOld(file) && Files.deleteIfExists(file);
        });
        if (!gone) {
            return 0;
        }
        int deleted = 1;
        for (Path pointer : others) {
            deleted += Files.deleteIfExists(pointer) ? 1 : 0;
        }
        return deleted;
    }

    private static long bytes(List<Entry> entries) {
        return entries.stream().mapToLong(Entry::length).sum();
    }

    private static boolean pointsInto(Path pointer, Digest pack) throws IOException {
        return Pointer.read(pointer).filter(one -> one.pack().equals(pack)).isPresent();
    }

    /** Writes an artifact of a pack to a file of its own, of the same age; returns whether its bytes are intact. */
    private boolean takeOut(Entry entry, Path pack) throws IOException {
        Digest digest = entry.digest();
        Path pointer = layout.pointer(digest);
        byte[] bytes = BoundedRead.of(new Place(pointer, pack, entry.offset(), entry.length()), Integer.MAX_VALUE);
        if (!Digest.of(bytes).equals(digest)) {
            return false;
        }
        Path temporary = layout.temporary(digest);
        try {
            disk.write(temporary, bytes, disk::makeReadOnly);
            lock.holding(() -> {
                if (!Files.exists(pointer)) {
                    return false; // another process has taken it out
                }
                Files.setLastModifiedTime(temporary, Files.getLastModifiedTime(pointer));
                Files.move(temporary, layout.artifact(digest), StandardCopyOption.ATOMIC_MOVE);
                return Files.deleteIfExists(pointer);
            });
        } finally {
            Files.deleteIfExists(temporary);
        }
        return true;
    }

    private boolean isOld(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(youngFrom);
        } catch (NoSuchFileException takenBySomeoneElse) {
            return true;
        }
    }
}
