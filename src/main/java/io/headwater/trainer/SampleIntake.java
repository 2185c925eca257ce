package io.headwater.trainer;

import io.headwater.intake.InFlightNotes.Note;
import io.headwater.intake.Intake;
import io.headwater.kafka.SingleRecords;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps notes of the samples that are being prepared, and reads those partitions carefully in which a record has ended or
 * blocked a process. Used only by the poll thread.
 */
final class SampleIntake implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(SampleIntake.class);

    /** More records than a process can have in flight after the first one that is not prepared. */
    private static final int WINDOW = 512;

    private final Intake intake;
    private final Topics topics;
    private final SampleReader reader;
    private final Consumer<byte[], byte[]> consumer;
    private final Pipeline pipeline;
    private final Supplier<SingleRecords> open;

    /** Offset after the last record that was fetched, by partition. */
    private final Map<Integer, Long> fetched = new TreeMap<>();

    private final Map<Integer, CarefulReading> careful = new TreeMap<>();
    private @Nullable SingleRecords records;

    /**
     * Creates an instance.
     *
     * @param open opens a reader of single records, when it is needed
     */
    SampleIntake(
            Intake intake,
            Topics topics,
            SampleReader reader,
            Consumer<byte[], byte[]> consumer,
            Pipeline pipeline,
            Supplier<SingleRecords> open) {
        this.intake = intake;
        this.topics = topics;
        this.reader = reader;
        this.consumer = consumer;
        this.pipeline = pipeline;
        this.open = open;
    }

    /** Begins or, after a failure of this process, continues to read {@code partition} from its present position. */
    void restored(int partition) {
        TopicPartition samples = samples(partition);
        long position = consumer.position(samples);
        boolean isNew = fetched.put(partition, position) == null;
        CarefulReading reading = careful.get(partition);
        if (reading != null) {
            reading.rewind(position);
        } else if (isNew) {
            Optional<Note> left = intake.notes().takeOver(samples);
            left.ifPresent(note -> endedWithoutNotice(samples, position, note));
        }
    }

    private void endedWithoutNotice(TopicPartition samples, long position, Note note) {
        long log = consumer.endOffsets(List.of(samples)).getOrDefault(samples, 0L);
        long end = Math.min(log, Math.max(position, note.offset()) + WINDOW);
        LOG.warnf(
                "records-are-tried partition=%s from=%d to=%d: a process ended without notice while it prepared them",
                samples, position, end);
        begin(samples, position, end, note);
    }

    private void begin(TopicPartition samples, long from, long end, Note note) {
        if (records == null) {
            records = open.get();
        }
        careful.put(samples.partition(), new CarefulReading(samples, from, end, note, intake, records, reader));
    }

    /** Notes that records up to {@code end} (exclusive) were fetched. */
    void fetched(int partition, long end) {
        fetched.put(partition, end);
    }

    /** Updates the notes before more records are fetched. */
    void note() {
        fetched.forEach((partition, end) -> {
            if (!careful.containsKey(partition)) {
                intake.notes()
                        .from(samples(partition), pipeline.first(partition).orElse(end));
            }
        });
    }

    /**
     * Reads the records of {@code cause} again, one by one.
     *
     * @throws IllegalStateException when they are already read so, and the fault must therefore lie elsewhere
     */
    void suspect(UnpreparedException cause) {
        if (careful.containsKey(cause.partition())) {
            throw new IllegalStateException(cause.getMessage() + "; a process apart can prepare them", cause);
        }
        LOG.warnf(cause, "records-are-tried partition=%d from=%d to=%d", cause.partition(), cause.first(), cause.end());
        pipeline.drop(cause.partition());
        if (cause.blocks()) {
            pipeline.abandon().forEach((partition, first) -> {
                CarefulReading reading = careful.get(partition);
                if (reading == null) {
                    consumer.seek(samples(partition), first);
                    fetched.put(partition, first);
                }
            });
        }
        begin(samples(cause.partition()), cause.first(), cause.end(), new Note(-1, 0));
    }

    /** Continues careful reading where nothing is in flight. */
    void advance() {
        careful.values().removeIf(reading -> {
            int partition = reading.partition().partition();
            if (pipeline.holds(partition)) {
                return false;
            }
            if (reading.isComplete()) {
                consumer.seek(reading.partition(), reading.end());
                fetched.put(partition, reading.end());
                LOG.infof("records-were-tried partition=%s to=%d", reading.partition(), reading.end());
                return true;
            }
            long offset = reading.next();
            pipeline.submitSingle(partition, offset, () -> reading.prepare(offset));
            reading.advance();
            return false;
        });
    }

    /** Returns whether {@code partition} is being read carefully, so that the group's consumer must not fetch from it. */
    boolean isCareful(TopicPartition partition) {
        return careful.containsKey(partition.partition()) && partition.topic().equals(topics.name(Topic.SAMPLES));
    }

    /** Returns whether any partition is being read carefully. */
    boolean isCareful() {
        return !careful.isEmpty();
    }

    /** Gives partitions up in good order. */
    void released(Collection<Integer> partitions) {
        for (int partition : partitions) {
            fetched.remove(partition);
            careful.remove(partition);
            intake.notes().end(samples(partition));
        }
    }

    private TopicPartition samples(int partition) {
        return topics.partition(Topic.SAMPLES, partition);
    }

    @Override
    public void close() {
        intake.notes().close();
        if (records != null) {
            records.close();
        }
    }
}
