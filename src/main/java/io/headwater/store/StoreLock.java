package io.headwater.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps "still wanted" and "delete if old" of one file from interleaving, among threads and processes. Held for
 * microseconds, and freed by the system when the process dies.
 */
final class StoreLock {
    /** A file lock belongs to the whole process, so threads and stores of one process need a lock of their own. */
    private static final ReentrantLock PROCESS = new ReentrantLock();

    private final Path file;

    StoreLock(Path file) {
        this.file = file;
    }

    /** Runs {@code action} while nobody else runs one. */
    boolean holding(Action action) throws IOException {
        PROCESS.lock();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            return action.run();
        } finally {
            PROCESS.unlock();
        }
    }

    /** Something done while the lock is held. */
    interface Action {
        boolean run() throws IOException;
    }
}
