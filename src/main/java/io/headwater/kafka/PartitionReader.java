package io.headwater.kafka;

import io.headwater.domain.OffsetRange;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Reads the committed records of partitions; waits for transactions that are still open at the end of a partition. */
public final class PartitionReader implements AutoCloseable {
    /** Longer than a dead writer's transaction can stay open. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Clients clients;
    private @Nullable KafkaConsumer<byte[], byte[]> single;

    /** Creates a reader with its own clients. */
    public PartitionReader(Clients clients) {
        this.clients = clients;
        this.admin = clients.admin();
        this.consumer = clients.logReader();
    }

    /**
     * Passes every committed record of {@code partition} up to its current end to {@code sink}. This is the end of all
     * records, not only of committed ones: the reader waits for a transaction whose commit is still being written, so
     * that the records read are never older than the committed offsets of the group.
     */
    public void readAll(TopicPartition partition, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        read(partition, 0, endOf(partition), sink);
    }

    /**
     * Passes the committed records of {@code partition} with offsets from {@code from} (inclusive) to {@code to}
     * (exclusive) to {@code sink}. Records that retention has deleted are skipped.
     */
    public void read(TopicPartition partition, long from, long to, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        read(consumer, partition, from, to, sink);
    }

    /**
     * As {@link #readAll}, but without the records before the first one that has a time of {@code since} or later. Times are those
     * that producers or brokers gave to the records.
     */
    public void readSince(TopicPartition partition, Instant since, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        long end = endOf(partition);
        long from = TopicAdmin.await(admin.listOffsets(Map.of(partition, OffsetSpec.forTimestamp(since.toEpochMilli())))
                        .partitionResult(partition))
                .offset();
        read(partition, from < 0 ? end : from, end, sink);
    }

    /**
     * As {@link #read}, but unpacks one record at a time, and does not pass or unpack those in {@code without}, which may be too
     * large for that; only where a batch has other records behind them, Kafka's client unpacks them all the same.
     */
    public void readOneByOne(
            TopicPartition partition,
            long from,
            long to,
            List<OffsetRange> without,
            Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        if (single == null) {
            single = clients.singleReader();
        }
        long next = from;
        for (OffsetRange range : without.stream()
                .sorted(Comparator.comparingLong(OffsetRange::from))
                .toList()) {
            if (range.to() > next && range.from() < to) {
                read(single, partition, next, range.from(), sink);
                next = range.to();
            }
        }
        read(single, partition, next, to, sink);
    }

    private static void read(
            KafkaConsumer<byte[], byte[]> consumer,
            TopicPartition partition,
            long from,
            long to,
            Consumer<ConsumerRecord<byte[], byte[]>> sink) {
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

    /** Returns the offset after the newest record of {@code partition}, committed or not. */
    public long endOf(TopicPartition partition) {
        return TopicAdmin.await(admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                        .partitionResult(partition))
                .offset();
    }

    /** Returns the offset of the oldest record of {@code partition} that was not deleted. */
    public long beginningOf(TopicPartition partition) {
        return TopicAdmin.await(admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                        .partitionResult(partition))
                .offset();
    }

    /** Returns the id of {@code topic}, which is another one when the topic was deleted and created anew. */
    public String topicId(String topic) {
        return TopicAdmin.await(futureTopicId(topic));
    }

    /** Returns the id of {@code topic}, which the future gives when the brokers have answered. */
    public KafkaFuture<String> futureTopicId(String topic) {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .thenApply(found -> found.values().iterator().next().topicId().toString());
    }

    /** Returns the offset after the newest committed record of each partition, which the future gives when the brokers have answered. */
    public KafkaFuture<Map<TopicPartition, Long>> futureEnds(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> newest =
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        return admin.listOffsets(newest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all()
                .thenApply(found -> found.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, one -> one.getValue().offset())));
    }

    @Override
    public void close() {
        consumer.close();
        if (single != null) {
            single.close();
        }
        admin.close();
    }
}
