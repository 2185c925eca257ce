package io.headwater.store;

import io.headwater.domain.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Deletes old files that are not referenced. Files that do not belong to the store are kept.
 *
 * @param youngFrom a file modified at this time or later is kept
 */
record Sweep(StoreLayout layout, Disk disk, StoreLock lock, Packs packs, Set<Digest> referenced, Instant youngFrom) {
    private static final Logger LOG = Logger.getLogger(Sweep.class);

    int run() {
        try {
            if (Files.isDirectory(layout.temporaries())) {
                lock.create();
            }
            int artifacts = 0;
            for (Path folder : children(layout.artifacts())) {
                artifacts += delete(folder, this::isOrphan);
            }
            int temporaries = delete(layout.temporaries(), StoreLayout::isTemporary);
            int inPacks = new PackSweep(layout, disk, lock, packs, referenced, youngFrom).run();
            LOG.debugf(
                    "sweep root=%s artifacts=%d temporaries=%d packs=%d",
                    layout.root(), artifacts, temporaries, inPacks);
            return artifacts + temporaries + inPacks;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the store below " + layout.root() + " could not be swept (" + e + "); check its permissions", e);
        }
    }

    /** Returns whether nobody needs a file: an artifact in a file of its own, or a pointer to a pack that is gone. */
    private boolean isOrphan(Path file) {
        return StoreLayout.digest(file)
                .filter(digest -> !referenced.contains(digest))
                .or(() -> StoreLayout.pointed(file).filter(digest -> pointsNowhere(file)))
                .isPresent();
    }

    private boolean pointsNowhere(Path pointer) {
        try {
            return Pointer.read(pointer)
                    .filter(one -> !Files.exists(layout.pack(one.pack())))
                    .isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    private int delete(Path folder, Predicate<Path> unwanted) throws IOException {
        int deleted = 0;
        for (Path file : children(folder)) {
            if (unwanted.test(file) && isOld(file) && lock.holding(() -> isOld(file) && Files.deleteIfExists(file))) {
                deleted++;
            }
        }
        return deleted;
    }

    private boolean isOld(Path file) throws IOException {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && Files.getLastModifiedTime(file).toInstant().isBefore(youngFrom);
        } catch (NoSuchFileException takenBySomeoneElse) {
            return false;
        }
    }

    static List<Path> children(Path folder) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(children::add);
        } catch (NoSuchFileException | NotDirectoryException nothingThere) {
            return List.of();
        }
        return children;
    }
}
