package io.headwater.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Creates a folder of files atomically: the folder is filled under a name that begins with a dot, made durable, and
 * renamed last. So a folder with its final name is always complete, even if the process dies. A folder that a dead
 * process left incomplete is deleted when the next folder is created.
 */
public final class NewFolder implements AutoCloseable {
    private static final String UNNAMED = ".new-";
    /** The file that is locked while the folder is being filled; the system releases the lock when the process dies. */
    private static final String OWNER = ".owner";
    /**
     * Folders that this process is filling. A file lock belongs to the whole process and is lost when the process
     * closes any channel to the file.
     */
    private static final Set<Path> OWNED = ConcurrentHashMap.newKeySet();

    private static final Logger LOG = Logger.getLogger(NewFolder.class);

    private final Disk disk;
    private final StoreLock lock;
    private final Path home;
    private final Path filling;
    private final FileChannel owner;

    private NewFolder(Disk disk, StoreLock lock, Path home, Path filling, FileChannel owner) {
        this.disk = disk;
        this.lock = lock;
        this.home = home;
        this.filling = filling;
        this.owner = owner;
    }

    /** Creates an empty folder in {@code home}, which is created if it is missing. */
    public static NewFolder in(Path home) throws IOException {
        Path parent = home.toAbsolutePath().normalize();
        Disk disk = Disk.of(parent);
        disk.ensure(parent);
        StoreLock lock = new StoreLock(parent.resolve(".lock"));
        lock.create();
        Path filling = parent.resolve(UNNAMED + UUID.randomUUID());
        List<FileChannel> owner = new ArrayList<>();
        lock.holding(() -> {
            deleteAbandoned(parent);
            disk.ensure(filling);
            OWNED.add(filling);
            owner.add(owned(filling));
            return true;
        });
        return new NewFolder(disk, lock, parent, filling, owner.get(0));
    }

    private static FileChannel owned(Path filling) throws IOException {
        FileChannel channel =
                FileChannel.open(filling.resolve(OWNER), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            channel.lock();
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Deletes folders without an owner: their process died before it could lock them, or between releasing the lock and
     * renaming.
     */
    private static void deleteAbandoned(Path home) throws IOException {
        try (DirectoryStream<Path> unnamed = Files.newDirectoryStream(home, UNNAMED + "*")) {
            for (Path folder : unnamed) {
                if (!OWNED.contains(folder) && isAbandoned(folder)) {
                    LOG.infof("abandoned-folder-deleted folder=%s", folder);
                    delete(folder);
                }
            }
        }
    }

    private static boolean isAbandoned(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder.resolve(OWNER), StandardOpenOption.WRITE);
                FileLock free = channel.tryLock()) {
            return free != null;
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    /** Returns the path before the folder is renamed. */
    public Path path() {
        return filling;
    }

    /** Copies {@code source} into the folder. */
    public void copy(Path source, String name) throws IOException {
        Path target = filling.resolve(name);
        disk.ensure(parent(target));
        Files.copy(source, target);
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        disk.sync(parent(target));
    }

    /** Writes a file with {@code bytes} into the folder. */
    public void write(String name, byte[] bytes) throws IOException {
        disk.write(filling.resolve(name), bytes, file -> {});
        disk.sync(filling);
    }

    /**
     * Gives the folder its final name.
     *
     * @return its final path
     * @throws FileAlreadyExistsException when the name is already in use
     */
    public Path name(String name) throws IOException {
        Path named = home.resolve(name);
        lock.holding(() -> {
            // Renaming never replaces a non-empty folder; an empty folder may be replaced.
            if (Files.exists(named)) {
                throw new FileAlreadyExistsException(named.toString());
            }
            owner.close();
            Files.delete(filling.resolve(OWNER));
            Files.move(filling, named, StandardCopyOption.ATOMIC_MOVE);
            return true;
        });
        disk.sync(home);
        return named;
    }

    /** Deletes the folder unless it has been given its final name. */
    @Override
    public void close() throws IOException {
        lock.holding(() -> {
            owner.close();
            delete(filling);
            return OWNED.remove(filling);
        });
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static Path parent(Path file) {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }
}
