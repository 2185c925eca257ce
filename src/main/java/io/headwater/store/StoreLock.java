package io.headwater.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Prevents, across threads and processes, that renewing the modification time of a file and deleting the file because
 * it is old interleave. It is held for microseconds, and the system releases it when the process dies.
 */
final class StoreLock {
    /** A file lock belongs to the whole process, so threads and stores within one process need an additional lock. */
    private static final ReentrantLock PROCESS = new ReentrantLock();

    private final Path file;

    StoreLock(Path file) {
        this.file = file;
    }

    /** Creates the file of the lock if it is missing; its folder must exist. */
    void create() throws IOException {
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                .close();
    }

    /** Runs {@code action} while no other thread or process runs an action. The file of the lock must exist. */
    boolean holding(Action action) throws IOException {
        PROCESS.lock();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            return action.run();
        } finally {
            PROCESS.unlock();
        }
    }

    /** An action to run while the lock is held. */
    interface Action {
        boolean run() throws IOException;
    }
}
