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
 * A folder of files that comes into being in one step: it is filled under a name that begins with a dot, made durable, and
 * takes its own name last. So a folder with a name of its own is whole, whenever the process dies. What a process that died
 * was filling is deleted when the next one is made.
 */
public final class NewFolder implements AutoCloseable {
    private static final String UNNAMED = ".new-";
    /** Locked for as long as the folder is being filled; the system frees it when the process dies. */
    private static final String OWNER = ".owner";
    /** A file lock belongs to the whole process, and is lost when any channel to the file is closed there. */
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

    /** An empty one that will lie in {@code home}, which is made where it is missing. */
    public static NewFolder in(Path home) throws IOException {
        Path parent = home.toAbsolutePath().normalize();
        Disk disk = Disk.of(parent);
        disk.ensure(parent);
        StoreLock lock = new StoreLock(parent.resolve(".lock"));
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

    /** Without an owner are those of a process that died before it could lock, or between giving up the lock and naming. */
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

    /** Where it is until it is named. */
    public Path path() {
        return filling;
    }

    /** Puts a copy of {@code source} in it. */
    public void copy(Path source, String name) throws IOException {
        Path target = filling.resolve(name);
        disk.ensure(parent(target));
        Files.copy(source, target);
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        disk.sync(parent(target));
    }

    /** Puts a file of {@code bytes} in it. */
    public void write(String name, byte[] bytes) throws IOException {
        disk.write(filling.resolve(name), bytes, file -> {});
        disk.sync(filling);
    }

    /**
     * Gives it its name.
     *
     * @return where it is now
     * @throws FileAlreadyExistsException when there is something of that name
     */
    public Path name(String name) throws IOException {
        Path named = home.resolve(name);
        lock.holding(() -> {
            // A folder is never renamed over one that holds something; an empty one is as good as none.
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

    /** Deletes it unless it was named. */
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
