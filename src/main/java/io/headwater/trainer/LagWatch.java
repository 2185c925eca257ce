package io.headwater.trainer;

import io.headwater.kafka.TopicAdmin;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Measures the lag of a trainer from what it reads and commits, and asks the brokers where the partitions end, without waiting
 * for the answer. Used by the trainer's thread only.
 */
final class LagWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final SampleLag lag;
    private final Consumer<?, ?> consumer;
    private final IntFunction<TopicPartition> samples;
    private final Function<Collection<TopicPartition>, KafkaFuture<Map<TopicPartition, Long>>> ends;
    private @Nullable KafkaFuture<Map<TopicPartition, Long>> asked;
    private long again = System.nanoTime();

    /**
     * Creates an instance.
     *
     * @param consumer the consumer of the trainer's group
     * @param samples returns a partition of the samples topic
     * @param ends returns the ends of the committed records of partitions, when the brokers have answered
     */
    LagWatch(
            SampleLag lag,
            Consumer<?, ?> consumer,
            IntFunction<TopicPartition> samples,
            Function<Collection<TopicPartition>, KafkaFuture<Map<TopicPartition, Long>>> ends) {
        this.lag = lag;
        this.consumer = consumer;
        this.samples = samples;
        this.ends = ends;
    }

    /** Begins or, when it is restored, begins anew with a partition of the samples. */
    void begun(int partition) {
        lag.begun(partition);
        again = System.nanoTime();
    }

    void released(int partition) {
        lag.released(partition);
    }

    void read(int partition, List<ConsumerRecord<byte[], byte[]>> records) {
        lag.read(partition, records);
    }

    void committed(List<PartitionCheckpoint> checkpoints) {
        checkpoints.forEach(checkpoint -> lag.committed(checkpoint.partition(), checkpoint.samplesOffset()));
    }

    /** Tells the listener of the trainer what has changed. */
    void tell() {
        KafkaFuture<Map<TopicPartition, Long>> answer = asked;
        if (answer != null && answer.isDone()) {
            asked = null;
            if (!answer.isCompletedExceptionally()) {
                TopicAdmin.await(answer).forEach((partition, end) -> lag.endsAt(partition.partition(), end));
            }
        }
        if (asked == null && System.nanoTime() - again >= 0 && !lag.partitions().isEmpty()) {
            again = System.nanoTime() + INTERVAL.toNanos();
            asked = ends.apply(lag.partitions().stream().map(samples::apply).toList());
        }
        lag.tell(this::position);
    }

    /** Returns the offset up to which a partition was fetched; -1 when the consumer does not know it without asking. */
    private long position(int partition) {
        try {
            return consumer.position(samples.apply(partition), Duration.ZERO);
        } catch (IllegalStateException | TimeoutException e) {
            // It was taken away since the last poll, or its leader is being looked for.
            return -1;
        }
    }

    @Override
    public void close() {
        lag.close();
    }
}
