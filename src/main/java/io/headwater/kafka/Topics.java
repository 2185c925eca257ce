package io.headwater.kafka;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/**
 * The topics of one installation.
 *
 * @param prefix prefix of every topic name, such as {@code headwater.}
 * @param partitions number of partitions of every topic, 1 to 10000; the trainer of a samples partition owns the same
 *     partition of the other topics
 * @param replication replication factor of every topic, at least; 0 for any, and the brokers' default for new topics
 * @param minInSyncReplicas value of {@code min.insync.replicas} of every topic, at least; 0 for any, and the brokers' default
 *     for new topics
 * @param maxRecordBytes maximum size of a sample or request, including all parts
 * @param maxHeaderBytes maximum size of the headers of a sample or request, including names and values
 */
public record Topics(
        String prefix,
        int partitions,
        short replication,
        int minInSyncReplicas,
        int maxRecordBytes,
        int maxHeaderBytes) {
    private static final int DEFAULT_MAX_HEADER_BYTES = 64 << 10;

    /** Space for the headers that a dead letter adds to the original record. */
    private static final int DEAD_LETTER_ROOM = 1 << 20;

    public Topics {
        if (partitions < 1
                || replication < 0
                || minInSyncReplicas < 0
                || replication > 0 && minInSyncReplicas > replication) {
            throw new IllegalArgumentException(
                    "topics need partitions >= 1 and 0 <= min.insync.replicas <= replication, but have %d, %d, %d"
                            .formatted(partitions, minInSyncReplicas, replication));
        }
    }

    /** Creates topics with the default limit for headers, 64 KiB. */
    public Topics(String prefix, int partitions, short replication, int minInSyncReplicas, int maxRecordBytes) {
        this(prefix, partitions, replication, minInSyncReplicas, maxRecordBytes, DEFAULT_MAX_HEADER_BYTES);
    }

    /** Returns the full name of {@code topic}. */
    public String name(Topic topic) {
        return prefix + topic.suffix();
    }

    /** Returns a partition of {@code topic}. */
    public TopicPartition partition(Topic topic, int partition) {
        return new TopicPartition(name(topic), partition);
    }

    /**
     * Returns the partition of a domain and all its lanes: the murmur2 hash of the domain, as used by Kafka's Java
     * producer for keys.
     */
    public int partitionOf(String domain) {
        return Utils.toPositive(Utils.murmur2(domain.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    /** Returns the maximum size in bytes of a record batch that {@code topic} must accept. */
    int maxMessageBytes(Topic topic) {
        return topic == Topic.DEAD_LETTERS ? maxRecordBytes + DEAD_LETTER_ROOM : maxRecordBytes;
    }

    /** Returns the maximum size in bytes of a request of a producer for these topics. */
    public int maxRequestBytes() {
        return maxRecordBytes + 2 * DEAD_LETTER_ROOM;
    }
}
