package io.headwater.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Replaces files atomically: if the process dies, the file has either its old or its new content. */
public final class DurableFile {
    private DurableFile() {}

    /** Replaces the content of {@code file} with {@code bytes}. Creates its folder if it is missing. */
    public static void write(Path file, byte[] bytes) throws IOException {
        Path folder = file.toAbsolutePath().normalize().getParent();
        if (folder == null) {
            throw new IOException("file '" + file + "' must lie in a folder");
        }
        Disk disk = Disk.of(folder);
        disk.ensure(folder);
        Path filling = folder.resolve("." + file.getFileName() + "-" + UUID.randomUUID());
        try {
            disk.write(filling, bytes, unfinished -> {});
            Files.move(filling, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(filling);
        }
        disk.sync(folder);
    }
}
