package io.headwater.intake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Notes of the offsets from which records are being prepared, one small file for each partition. A note that is still
 * there when a partition is taken over shows that the process before ended without notice; the record that ended it is
 * at the offset of the note or shortly after it. The files belong in the folder of the artifacts, so that a successor on
 * another machine finds them. A note helps to find a harmful record and nothing else depends on it: when it cannot be
 * written, this is logged, and work goes on. Safe for use by several threads.
 */
public final class InFlightNotes implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(InFlightNotes.class);
    private static final int LENGTH = Long.BYTES + Integer.BYTES;

    private final @Nullable Path folder;
    private final String group;
    private final Map<TopicPartition, Open> open = new HashMap<>();
    private boolean failed;

    /** A note, and its file unless that could not be opened yet. */
    private static final class Open {
        private final TopicPartition partition;
        private @Nullable FileChannel file;
        private Note note = new Note(-1, 0);

        Open(TopicPartition partition) {
            this.partition = partition;
        }
    }

    /**
     * A note.
     *
     * @param offset offset of the first record that was not prepared yet
     * @param ends how often a process ended while it prepared only this record
     */
    public record Note(long offset, int ends) {}

    private InFlightNotes(@Nullable Path folder, String group) {
        this.folder = folder;
        this.group = group;
    }

    /**
     * Creates notes of the consumer group {@code group} in {@code folder}, which is created when it is missing. The folder around
     * it is not, because what is mounted there may be away for now.
     */
    public static InFlightNotes in(Path folder, String group) {
        return new InFlightNotes(folder, group);
    }

    /** Returns an instance that keeps no notes. */
    public static InFlightNotes none() {
        return new InFlightNotes(null, "");
    }

    /**
     * Begins the notes of a partition that this process has taken over.
     *
     * @return the note that a process left which ended without notice; empty when there is none
     */
    public synchronized Optional<Note> takeOver(TopicPartition partition) {
        if (folder == null) {
            return Optional.empty();
        }
        end(partition);
        Open one = new Open(partition);
        open.put(partition, one);
        try {
            Path file = file(folder, partition);
            Optional<Note> left = Files.exists(file) ? read(file) : Optional.empty();
            left.ifPresent(note -> one.note = note);
            one.file = open(folder, partition);
            return left;
        } catch (IOException e) {
            cannotWrite(e);
            return Optional.empty();
        }
    }

    /** Notes that all records of {@code partition} from {@code offset} on are not prepared yet. */
    public synchronized void from(TopicPartition partition, long offset) {
        Open one = open.get(partition);
        if (one != null && one.note.offset() != offset) {
            write(one, new Note(offset, 0));
        }
    }

    /** Replaces the note of {@code partition}. */
    public synchronized void from(TopicPartition partition, Note note) {
        Open one = open.get(partition);
        if (one != null && !one.note.equals(note)) {
            write(one, note);
        }
    }

    private void write(Open one, Note note) {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH)
                .putLong(note.offset())
                .putInt(note.ends())
                .flip();
        try {
            if (one.file == null && folder != null) {
                one.file = open(folder, one.partition);
            }
            if (one.file != null) {
                one.file.write(bytes, 0);
            }
            one.note = note;
            failed = false;
        } catch (IOException e) {
            cannotWrite(e);
        }
    }

    private FileChannel open(Path in, TopicPartition partition) throws IOException {
        if (!Files.isDirectory(in)) {
            Files.createDirectory(in);
        }
        return FileChannel.open(file(in, partition), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** Removes the note of a partition that this process gives up in good order. */
    public synchronized void end(TopicPartition partition) {
        Open one = open.remove(partition);
        if (one == null || folder == null) {
            return;
        }
        try {
            if (one.file != null) {
                one.file.close();
            }
            Files.deleteIfExists(file(folder, partition));
        } catch (IOException e) {
            cannotWrite(e);
        }
    }

    /** Closes the files, and leaves the notes of partitions that were not given up. */
    @Override
    public synchronized void close() {
        for (Open one : open.values()) {
            try {
                if (one.file != null) {
                    one.file.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        open.clear();
    }

    private void cannotWrite(IOException e) {
        if (!failed) {
            LOG.warnf(e, "in-flight-note-failed folder=%s; a record that ends the process may end it again", folder);
        }
        failed = true;
    }

    private static Optional<Note> read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        if (bytes.remaining() < LENGTH) {
            return Optional.empty();
        }
        Note note = new Note(bytes.getLong(), bytes.getInt());
        return note.offset() < 0 ? Optional.empty() : Optional.of(note);
    }

    /** Groups may have any name, topics and therefore this file name only the characters of topic names. */
    private Path file(Path in, TopicPartition partition) {
        return in.resolve(group.replaceAll("[^A-Za-z0-9._-]", "_") + "." + partition);
    }
}
