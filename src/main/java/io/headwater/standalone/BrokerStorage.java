package io.headwater.standalone;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/** The data directory of an embedded broker, locked by one broker at a time. */
final class BrokerStorage implements AutoCloseable {

    private final FileChannel held;

    private BrokerStorage(FileChannel held) {
        this.held = held;
    }

    /**
     * Locks the directory and formats it for a single node unless it is formatted already; an existing cluster and its
     * topics are kept.
     *
     * @throws IllegalStateException if another broker holds the directory, or if it cannot be created, written or read
     *     as broker storage
     */
    static BrokerStorage open(Path directory, Map<String, String> settings) {
        try {
            Files.createDirectories(directory);
            FileChannel held = hold(directory);
            try {
                // The formatter writes this file last, so an interrupted formatting is repeated.
                if (Files.notExists(directory.resolve("meta.properties"))) {
                    format(settings);
                }
            } catch (IOException e) {
                held.close();
                throw e;
            }
            return new BrokerStorage(held);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "embedded broker: cannot use " + directory + " (" + e.getMessage()
                            + "); choose a writable directory that holds nothing else",
                    e);
        }
    }

    /** Releases the lock on the directory. */
    @Override
    public void close() {
        try {
            held.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kafka locks the directory as well, but halts the whole process if that lock is taken. */
    private static FileChannel hold(Path directory) throws IOException {
        FileChannel channel = FileChannel.open(directory.resolve(".held"), CREATE, WRITE);
        if (!locked(channel)) {
            channel.close();
            throw new IOException("another broker uses it");
        }
        return channel;
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    private static void format(Map<String, String> settings) throws IOException {
        Path file = Files.createTempFile("headwater-broker", ".properties");
        try {
            write(settings, file);
            ByteArrayOutputStream printed = new ByteArrayOutputStream();
            int status = StorageTool.execute(
                    new String[] {"format", "--cluster-id", Uuid.randomUuid().toString(), "--config", file.toString()},
                    new PrintStream(printed, true, StandardCharsets.UTF_8));
            if (status != 0) {
                throw new IOException(printed.toString(StandardCharsets.UTF_8).strip());
            }
        } finally {
            Files.delete(file);
        }
    }

    private static void write(Map<String, String> settings, Path file) throws IOException {
        Properties properties = new Properties();
        properties.putAll(settings);
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
    }
}
