package io.headwater.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads the committed records of partitions, waiting for transactions that are still open at the end. */
public final class PartitionReader implements AutoCloseable {
    /** Longer than a dead writer's transaction can stay open. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /** A reader with clients of its own. */
    public PartitionReader(Clients clients) {
        this.admin = clients.admin();
        this.consumer = clients.logReader();
    }

    /**
     * Hands every committed record of {@code partition} to {@code sink}, up to the end that it has now. The end is that of
     * all records, not of the committed ones alone: a transaction whose commit is still being written is waited for, so
     * that what is read is never older than the group's committed offsets.
     */
    public void readAll(TopicPartition partition, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        read(partition, 0, endOf(partition), sink);
    }

    /**
     * Hands the committed records of {@code partition} from {@code from} to below {@code to} to {@code sink}. Offsets that
     * retention has deleted are passed over.
     */
    public void read(TopicPartition partition, long from, long to, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, from);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(partition) < to) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
                if (record.offset() < to) {
                    sink.accept(record);
                }
            }
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException("reading " + partition + " to offset " + to + " made no progress at "
                        + consumer.position(partition) + " for " + PATIENCE.toSeconds() + " s");
            }
        }
    }

    /** The offset after the newest record of {@code partition}, committed or not. */
    public long endOf(TopicPartition partition) {
        return TopicAdmin.await(admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                        .partitionResult(partition))
                .offset();
    }

    @Override
    public void close() {
        consumer.close();
        admin.close();
    }
}
