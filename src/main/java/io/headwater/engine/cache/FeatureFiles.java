package io.headwater.engine.cache;

import io.headwater.domain.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The files in which features are stored: one for each combination of backbone and computing environment, named after
 * both, in a folder that only this user can access and that may be deleted at any time.
 *
 * @param folder folder of the files; created if it does not exist
 * @param fileBytes maximum size of one file: 0 for no files, otherwise at least 1 MiB
 * @param totalBytes maximum total size of all files; to make room, files that are not in use are deleted, the oldest
 *     first
 */
public record FeatureFiles(Path folder, long fileBytes, long totalBytes) {
    private static final Logger LOG = Logger.getLogger(FeatureFiles.class);
    private static final String SUFFIX = ".features";
    private static final String PRIVATE = "rwx------";

    /** No files. */
    public static final FeatureFiles NONE = new FeatureFiles(Path.of("."), 0, 0);

    /** The minimum size of a file. */
    public static final long LEAST_BYTES = FeatureFileLayout.LEAST_BYTES;

    /** The maximum size of a file: 1 TiB. */
    public static final long MOST_BYTES = 1L << 40;

    public FeatureFiles {
        long most = Math.min(totalBytes, MOST_BYTES);
        if (fileBytes != 0 && (fileBytes < LEAST_BYTES || fileBytes > most)) {
            throw new IllegalArgumentException(
                    "a file of features must have 0 bytes, or at least %d and at most %d, but was given %d"
                            .formatted(LEAST_BYTES, most, fileBytes));
        }
    }

    /**
     * Opens the file of {@code backbone}; an invalid older file with its name is replaced.
     *
     * @param computing everything other than the backbone on which the bits of features depend: library, device,
     *     threads, processor
     * @return null if no file is configured or it cannot be used: full disk, missing permission, in use by another
     *     process
     */
    @Nullable
    FeatureFile open(Digest backbone, Map<String, String> computing) {
        if (fileBytes == 0) {
            return null;
        }
        Digest identity = FeatureIdentity.of(backbone, computing);
        Path path = folder.resolve(backbone.hex() + "-" + identity.abbreviated() + SUFFIX);
        try {
            makeFolder();
            if (!makeRoom(path)) {
                return unused("other files, which are in use, take all that files may take");
            }
            FeatureFile file = FeatureFile.open(path, FeatureFileLayout.of(fileBytes), identity);
            return file == null ? unused("another process or adaptation has it") : file;
        } catch (IOException | UnsupportedOperationException e) {
            return unused(e.toString());
        }
    }

    private @Nullable FeatureFile unused(String reason) {
        LOG.warnf("features-file-unused folder=%s reason=\"%s\"", folder, reason);
        return null;
    }

    private void makeFolder() throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
        } else {
            Files.createDirectories(folder);
        }
    }

    /** Deletes as many unused files as needed, and returns whether the file now fits into the total size. */
    private boolean makeRoom(Path own) throws IOException {
        List<Other> others = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(this::isFeatures).toList()) {
                if (!file.equals(own)) {
                    others.add(Other.of(file, fileBytes));
                }
            }
        }
        others.sort(Comparator.comparing(Other::used));
        long taken = others.stream().mapToLong(Other::bytes).sum();
        for (Other other : others) {
            if (taken > totalBytes - fileBytes && other.isDeleted()) {
                taken -= other.bytes();
            }
        }
        return taken <= totalBytes - fileBytes;
    }

    private boolean isFeatures(Path file) {
        return file.toString().endsWith(SUFFIX) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Another feature file; as it may still grow, it counts with at least the maximum size of one file. */
    private record Other(Path path, long bytes, FileTime used) {
        static Other of(Path path, long mayTake) throws IOException {
            return new Other(path, Math.max(Files.size(path), mayTake), Files.getLastModifiedTime(path));
        }

        /** Deletes the file unless it is in use. */
        boolean isDeleted() throws IOException {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                    FileLock owned = FeatureFile.lock(channel)) {
                return owned != null && Files.deleteIfExists(path);
            }
        }
    }
}
