package io.headwater.bench.soak;

import io.headwater.bench.Bench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * The disk of the store: a small file system in memory of its own, of which a folder is mounted as the store, so that the disk can
 * fill up and the store can be unmounted. Where this process may not mount, the store is a plain folder: it can be renamed, but its
 * disk cannot fill up.
 */
final class StoreDisk implements AutoCloseable {
    private static final String LARGE = "6g";
    /** Space that is left on the full disk at most, so that some files are cut in the middle. */
    private static final int SLACK_BYTES = 96 << 10;

    private final Path disk;
    private final Path content;
    private final Path store;
    private final Path beside;
    private final boolean mounts;

    private StoreDisk(Path folder, boolean mounts) {
        this.disk = folder.resolve("disk");
        this.content = disk.resolve("artifacts");
        this.store = folder.resolve("store");
        this.beside = folder;
        this.mounts = mounts;
    }

    /** Mounts a disk below {@code folder}, or creates a plain folder and says why. */
    static StoreDisk in(Path folder) throws IOException, InterruptedException {
        StoreDisk mounted = new StoreDisk(folder, true);
        Files.createDirectories(mounted.disk);
        try {
            Commands.run("mount", "-t", "tmpfs", "-o", "size=" + LARGE, "tmpfs", mounted.disk.toString());
        } catch (IOException e) {
            Bench.say("soak: no full disk and no unmounting, because a file system cannot be mounted here (%s)", e);
            StoreDisk plain = new StoreDisk(folder, false);
            Files.createDirectories(plain.store);
            return plain;
        }
        Files.createDirectories(mounted.content);
        mounted.mount();
        return mounted;
    }

    private void mount() throws IOException, InterruptedException {
        Files.createDirectories(store);
        Commands.run("mount", "--bind", content.toString(), store.toString());
    }

    /** Returns the folder of the store. */
    Path store() {
        return store;
    }

    /** Returns whether the disk can fill up and the store can be unmounted. */
    boolean mounts() {
        return mounts;
    }

    /** Leaves so little space that most artifacts cannot be written. */
    void fill(Random random) throws IOException, InterruptedException {
        IOException failure = null;
        // What is written between reading the used space and setting the size makes the size too small.
        for (int attempt = 0; attempt < 5; attempt++) {
            var space = Files.getFileStore(disk);
            long used = space.getTotalSpace() - space.getUnallocatedSpace();
            try {
                resize(Long.toString(used + random.nextInt(SLACK_BYTES)));
                return;
            } catch (IOException e) {
                failure = e;
            }
        }
        throw new IOException("the disk could not be filled", failure);
    }

    /** Gives the space back. */
    void free() throws IOException, InterruptedException {
        resize(LARGE);
    }

    private void resize(String size) throws IOException, InterruptedException {
        Commands.run("mount", "-o", "remount,size=" + size, disk.toString());
    }

    /** Takes the store away. With {@code leaveFolder} an empty folder is in its place, as where a volume is not mounted. */
    void takeAway(boolean leaveFolder) throws IOException, InterruptedException {
        if (!mounts) {
            Files.move(store, content);
        } else {
            Commands.run("umount", "--lazy", store.toString());
        }
        putAside();
        if (leaveFolder) {
            Files.createDirectory(store);
        }
    }

    /** Brings the store back; what was written in its place meanwhile is out of reach. */
    void bringBack() throws IOException, InterruptedException {
        putAside();
        if (mounts) {
            mount();
        } else {
            Files.move(content, store);
        }
    }

    /** Moves what is in the place of the store out of the way. */
    private void putAside() throws IOException {
        if (Files.exists(store)) {
            Files.move(store, Files.createTempDirectory(beside, "meanwhile").resolve("store"));
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (mounts) {
            try {
                Commands.run("umount", "--lazy", store.toString());
            } finally {
                Commands.run("umount", "--lazy", disk.toString());
            }
        }
    }
}
