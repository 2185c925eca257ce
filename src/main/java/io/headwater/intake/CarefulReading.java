package io.headwater.intake;

import io.headwater.intake.InFlightNotes.Note;
import io.headwater.intake.TrialResult.Guilty;
import io.headwater.intake.TrialResult.Stage;
import io.headwater.kafka.SingleRecords;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads a range of a partition record by record, after one of its records has ended or blocked a process: each is tried
 * in a process apart before it is read here.
 */
final class CarefulReading<P extends PreparedRecord> {
    /** How often a process may end with a record that a process apart could prepare. */
    private static final int MOST_ENDS = 3;

    private final TopicPartition partition;
    private final Note note;
    private final Intake intake;
    private final SingleRecords records;
    private final RecordPreparation<P> preparation;
    private final long log;
    private long end;
    private long next;
    private boolean closed;

    /**
     * Begins to read carefully.
     *
     * @param next first offset
     * @param end offset after the last one; the range becomes longer while its last record cannot be fetched, because the next
     *     one may be in the same batch
     * @param log offset after the last record of the partition, at least {@code end}
     * @param note the note that was found, which tells how often a process has ended with a single record
     */
    CarefulReading(
            TopicPartition partition,
            long next,
            long end,
            long log,
            Note note,
            Intake intake,
            SingleRecords records,
            RecordPreparation<P> preparation) {
        this.partition = partition;
        this.next = next;
        this.end = end;
        this.log = log;
        this.note = note;
        this.intake = intake;
        this.records = records;
        this.preparation = preparation;
    }

    TopicPartition partition() {
        return partition;
    }

    long next() {
        return next;
    }

    long end() {
        return end;
    }

    boolean isComplete() {
        return next >= end;
    }

    void advance() {
        next++;
    }

    /** Leaves the partition to usual reading, which is behind the range. */
    void close() {
        closed = true;
    }

    /** Returns whether usual reading has taken over. */
    boolean isClosed() {
        return closed;
    }

    /**
     * Reads from {@code offset} again, because the role returned to it.
     *
     * @param logEnd offset after the last record of the partition at present
     */
    void rewind(long offset, long logEnd) {
        end = Math.min(end, logEnd);
        next = Math.min(next, offset);
        closed = offset >= end;
    }

    /** Prepares the record at {@code offset}; empty when there is none. Runs on a worker thread. */
    List<P> prepare(long offset) {
        int ends = offset == note.offset() ? note.ends() : 0;
        TrialResult result = ends >= MOST_ENDS
                ? new Guilty(
                        Stage.PREPARING,
                        "passed, but %d processes ended while they prepared this record".formatted(ends))
                : intake.trial().of(partition, offset);
        if (result instanceof Guilty guilty && guilty.stage() == Stage.FETCHING) {
            if (offset + 1 == end && end < log) {
                end++;
            }
            return List.of(preparation.reject(
                    new ConsumerRecord<>(partition.topic(), partition.partition(), offset, null, null), guilty));
        }
        Optional<ConsumerRecord<byte[], byte[]>> found = records.at(partition, offset);
        if (found.isEmpty()) {
            return List.of();
        }
        ConsumerRecord<byte[], byte[]> record = found.get();
        if (result instanceof Guilty guilty) {
            return List.of(preparation.reject(record, guilty));
        }
        intake.notes().from(partition, new Note(offset, ends + 1));
        return preparation.prepare(List.of(record));
    }
}
