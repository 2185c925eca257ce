package io.headwater.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Writes files that survive a crash. The bytes of a file are on disk after fsync of the file, but its name is on disk
 * only after fsync of its folder (Pillai et al. 2014, "All file systems are not created equal").
 *
 * @param posix whether the file system has POSIX owners and permissions and supports fsync of folders
 */
record Disk(boolean posix) {

    static Disk of(Path path) {
        return new Disk(path.getFileSystem().supportedFileAttributeViews().contains("posix"));
    }

    /** Creates {@code folder} and its missing parents; each is durable before its content. */
    void ensure(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.getParent();
        if (parent != null) {
            ensure(parent);
        }
        create(folder);
        if (parent != null) {
            sync(parent);
        }
    }

    private void create(Path folder) throws IOException {
        try {
            Files.createDirectory(folder, permissions("rwxr-x---"));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }

    /** Creates {@code folder} in {@code parent}, which must exist. */
    void ensureIn(Path parent, Path folder) throws IOException {
        if (!Files.isDirectory(parent)) {
            throw new NoSuchFileException(parent.toString());
        }
        if (!Files.isDirectory(folder)) {
            create(folder);
            sync(parent);
        }
    }

    /** Makes the file names in {@code folder} durable. */
    void sync(Path folder) throws IOException {
        if (posix) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Writes a new file that only its owner can read; {@code finish} sets its attributes before it is made durable. */
    void write(Path file, byte[] bytes, Finish finish) throws IOException {
        Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, permissions("rw-------"))) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            finish.on(file);
            channel.force(true);
        }
    }

    /** Creates {@code folder}, whose name need not survive a power failure. */
    void ensureUnsynced(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            create(folder);
        }
    }

    /** Writes a new read-only file, which need not survive a power failure. */
    void writeUnsynced(Path file, byte[] bytes, FileTime modified) throws IOException {
        Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, permissions("r--r-----"))) {
            channel.write(ByteBuffer.wrap(bytes));
        }
        Files.setLastModifiedTime(file, modified);
    }

    /** Makes {@code file} read-only; owner and group may read it. */
    void makeReadOnly(Path file) throws IOException {
        if (posix) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
        }
    }

    private FileAttribute<?>[] permissions(String permissions) {
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /** Sets the attributes of a file. */
    interface Finish {
        void on(Path file) throws IOException;
    }
}
