package io.headwater.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A folder of files that comes into being in one step: it is filled under a name that begins with a dot, made durable, and
 * takes its own name last. So a folder with a name of its own is whole, whenever the process dies.
 */
public final class NewFolder implements AutoCloseable {
    private final Disk disk;
    private final Path home;
    private final Path filling;

    private NewFolder(Disk disk, Path home, Path filling) {
        this.disk = disk;
        this.home = home;
        this.filling = filling;
    }

    /** An empty one that will lie in {@code home}, which is made where it is missing. */
    public static NewFolder in(Path home) throws IOException {
        Path parent = home.toAbsolutePath().normalize();
        Disk disk = Disk.of(parent);
        disk.ensure(parent);
        Path filling = parent.resolve(".new-" + UUID.randomUUID());
        disk.ensure(filling);
        return new NewFolder(disk, parent, filling);
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
        // A folder is never renamed over one that holds something; an empty one is as good as none.
        if (Files.exists(named)) {
            throw new FileAlreadyExistsException(named.toString());
        }
        Files.move(filling, named, StandardCopyOption.ATOMIC_MOVE);
        disk.sync(home);
        return named;
    }

    /** Deletes it unless it was named. */
    @Override
    public void close() throws IOException {
        if (Files.exists(filling)) {
            try (Stream<Path> files = Files.walk(filling)) {
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
