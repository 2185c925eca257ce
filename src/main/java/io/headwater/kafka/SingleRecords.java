package io.headwater.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads single committed records by their offset; at no time is more than one of them in memory. Safe for use by several
 * threads, one at a time.
 */
public final class SingleRecords implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    /** Maximum time to wait for a record; longer than a dead writer's transaction can stay open. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaConsumer<byte[], byte[]> consumer;

    /** Creates a reader with its own client. */
    public SingleRecords(Clients clients) {
        consumer = clients.singleReader();
    }

    /**
     * Returns the committed record at {@code offset} of {@code partition}; empty when there is none because it was
     * aborted or deleted, or because the offset belongs to a marker of a transaction.
     *
     * @throws TimeoutException when the partition cannot be read, or does not reach the offset
     */
    public synchronized Optional<ConsumerRecord<byte[], byte[]>> at(TopicPartition partition, long offset) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, offset);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - deadline < 0) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                return record.offset() == offset ? Optional.of(record) : Optional.empty();
            }
            if (consumer.position(partition) > offset) {
                return Optional.empty();
            }
        }
        throw new TimeoutException("reading the record at offset %d of %s made no progress for %d s"
                .formatted(offset, partition, PATIENCE.toSeconds()));
    }

    @Override
    public synchronized void close() {
        consumer.close();
    }
}
