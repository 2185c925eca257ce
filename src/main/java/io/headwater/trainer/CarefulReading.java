package io.headwater.trainer;

import io.headwater.domain.Outcome;
import io.headwater.intake.InFlightNotes.Note;
import io.headwater.intake.Intake;
import io.headwater.intake.TrialResult;
import io.headwater.intake.TrialResult.Guilty;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.SingleRecords;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads a range of a partition record by record, after one of its records has ended or blocked a process: each is tried
 * in a process apart before it is read here.
 */
final class CarefulReading {
    /** How often a process may end with a record that a process apart could prepare. */
    private static final int MOST_ENDS = 3;

    private final TopicPartition partition;
    private final Note note;
    private final Intake intake;
    private final SingleRecords records;
    private final SampleReader reader;
    private long next;
    private final long end;

    /**
     * Begins to read carefully.
     *
     * @param next first offset
     * @param end offset after the last one
     * @param note the note that was found, which tells how often a process has ended with a single record
     */
    CarefulReading(
            TopicPartition partition,
            long next,
            long end,
            Note note,
            Intake intake,
            SingleRecords records,
            SampleReader reader) {
        this.partition = partition;
        this.next = next;
        this.end = end;
        this.note = note;
        this.intake = intake;
        this.records = records;
        this.reader = reader;
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

    /** Reads from {@code offset} again, because the trainer returned to the committed state. */
    void rewind(long offset) {
        next = Math.min(next, offset);
    }

    /** Prepares the record at {@code offset}; empty when there is none. Runs on a worker thread. */
    List<Prepared> prepare(long offset) {
        int ends = offset == note.offset() ? note.ends() : 0;
        TrialResult result = ends >= MOST_ENDS
                ? new Guilty(true, "passed, but %d processes ended while they prepared this record".formatted(ends))
                : intake.trial().of(partition, offset);
        if (result instanceof Guilty guilty && !guilty.fetched()) {
            ConsumerRecord<byte[], byte[]> unread =
                    new ConsumerRecord<>(partition.topic(), partition.partition(), offset, null, null);
            return List.of(new Prepared(unread, "", new Outcome.Rejected<>(guilty.rejection())));
        }
        Optional<ConsumerRecord<byte[], byte[]>> found = records.at(partition, offset);
        if (found.isEmpty()) {
            return List.of();
        }
        ConsumerRecord<byte[], byte[]> record = found.get();
        if (result instanceof Guilty guilty) {
            return List.of(
                    new Prepared(record, RecordKeys.text(record.key()), new Outcome.Rejected<>(guilty.rejection())));
        }
        intake.notes().from(partition, new Note(offset, ends + 1));
        return reader.prepare(List.of(record));
    }
}
