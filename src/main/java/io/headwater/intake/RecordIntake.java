package io.headwater.intake;

import io.headwater.domain.OffsetRange;
import io.headwater.intake.InFlightNotes.Note;
import io.headwater.kafka.Offsets;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.SingleRecords;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps notes of the records that are being prepared, and reads those partitions carefully in which a record has ended or
 * blocked a process. Used only by the poll thread of a role.
 *
 * @param <P> what the preparation of a record results in
 */
public final class RecordIntake<P extends PreparedRecord> implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(RecordIntake.class);

    private final Intake intake;
    private final RecordPreparation<P> preparation;
    private final Consumer<byte[], byte[]> consumer;
    private final Pipeline<P> pipeline;
    private final Supplier<SingleRecords> open;

    /** Offset after the last record that was fetched. */
    private final Map<TopicPartition, Long> fetched = new HashMap<>();

    /** Ranges that are read carefully, or were: a role that returns to one of them reads it carefully again. */
    private final Map<TopicPartition, CarefulReading<P>> readings = new HashMap<>();

    private @Nullable SingleRecords records;

    /**
     * Creates an instance.
     *
     * @param consumer the consumer of the role's group
     * @param pipeline prepares what the consumer fetches
     * @param open opens a reader of single records, when it is needed
     */
    public RecordIntake(
            Intake intake,
            RecordPreparation<P> preparation,
            Consumer<byte[], byte[]> consumer,
            Pipeline<P> pipeline,
            Supplier<SingleRecords> open) {
        this.intake = intake;
        this.preparation = preparation;
        this.consumer = consumer;
        this.pipeline = pipeline;
        this.open = open;
    }

    /**
     * Begins or, after a failure of this process, continues to read {@code partition} from its present position. No record of a
     * new partition may have been fetched.
     */
    public void restored(TopicPartition partition) {
        long position = Offsets.position(consumer, partition);
        intake.ahead().begins(partition);
        boolean isNew = fetched.put(partition, position) == null;
        CarefulReading<P> reading = readings.get(partition);
        if (reading != null) {
            reading.rewind(position, endOf(partition));
        } else if (isNew) {
            Optional<Note> left = intake.notes().takeOver(partition);
            left.ifPresent(note -> endedWithoutNotice(partition, position, note));
        }
    }

    private void endedWithoutNotice(TopicPartition partition, long position, Note note) {
        long log = endOf(partition);
        long end = Math.min(log, Math.max(position, note.offset()) + pipeline.window());
        if (position < end) {
            LOG.warnf(
                    "records-are-tried partition=%s from=%d to=%d: a process ended without notice while it prepared them",
                    partition, position, end);
            begin(partition, position, end, log, note);
        }
    }

    private long endOf(TopicPartition partition) {
        return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }

    private void begin(TopicPartition partition, long from, long end, long log, Note note) {
        if (records == null) {
            records = open.get();
        }
        readings.put(partition, new CarefulReading<>(partition, from, end, log, note, intake, records, preparation));
    }

    /** Notes that records up to {@code end} (exclusive) were fetched. */
    public void fetched(TopicPartition partition, long end) {
        fetched.put(partition, end);
    }

    /** Updates the notes before more records are fetched. */
    public void note() {
        fetched.forEach((partition, end) -> {
            if (!isCareful(partition)) {
                intake.notes().from(partition, pipeline.first(partition).orElse(end));
            }
        });
    }

    /**
     * Reads the records of {@code cause} again, one by one.
     *
     * @throws IllegalStateException when they are already read so, and the fault must therefore lie elsewhere
     */
    public void suspect(UnpreparedException cause) {
        if (cause.ranges().keySet().stream().anyMatch(this::isCareful)) {
            throw new IllegalStateException(cause.getMessage() + "; a process apart can prepare them", cause);
        }
        LOG.warnf(cause, "records-are-tried");
        cause.ranges().keySet().forEach(pipeline::drop);
        if (cause.blocks()) {
            pipeline.abandon().forEach((partition, first) -> {
                if (!isCareful(partition)) {
                    Offsets.seek(consumer, partition, first);
                    fetched.put(partition, first);
                }
            });
        }
        cause.ranges().forEach(this::suspect);
    }

    private void suspect(TopicPartition partition, OffsetRange range) {
        CarefulReading<P> before = readings.get(partition);
        long end = before == null ? range.to() : Math.max(range.to(), before.end());
        begin(partition, range.from(), end, Math.max(end, endOf(partition)), new Note(-1, 0));
    }

    /** Continues careful reading of partitions that are {@code wanted} and of which nothing is in flight. */
    public void advance(Predicate<TopicPartition> wanted) {
        for (CarefulReading<P> reading : readings.values()) {
            TopicPartition partition = reading.partition();
            if (reading.isClosed() || pipeline.holds(partition) || !wanted.test(partition)) {
                continue;
            }
            if (reading.isComplete()) {
                reading.close();
                Offsets.seek(consumer, partition, reading.end());
                fetched.put(partition, reading.end());
                LOG.infof("records-were-tried partition=%s to=%d", partition, reading.end());
            } else {
                long offset = reading.next();
                pipeline.submitSingle(partition, offset, () -> reading.prepare(offset));
                reading.advance();
            }
        }
    }

    /** Reads {@code record}, and what follows it on its partition, again. */
    public void readAgain(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = RecordKeys.partitionOf(record);
        pipeline.drop(partition);
        CarefulReading<P> reading = readings.get(partition);
        if (reading != null) {
            reading.rewind(record.offset(), Long.MAX_VALUE);
        }
        if (!isCareful(partition)) {
            Offsets.seek(consumer, partition, record.offset());
            fetched.put(partition, record.offset());
        }
    }

    /** Returns whether {@code partition} is being read carefully, so that the group's consumer must not fetch from it. */
    public boolean isCareful(TopicPartition partition) {
        CarefulReading<P> reading = readings.get(partition);
        return reading != null && !reading.isClosed();
    }

    /** Returns whether any partition is being read carefully. */
    public boolean isCareful() {
        return readings.keySet().stream().anyMatch(this::isCareful);
    }

    /** Gives partitions up in good order. */
    public void released(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            fetched.remove(partition);
            readings.remove(partition);
            intake.notes().end(partition);
            intake.ahead().ends(partition);
        }
    }

    @Override
    public void close() {
        intake.ahead().close();
        intake.notes().close();
        if (records != null) {
            records.close();
        }
    }
}
