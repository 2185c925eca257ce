package io.headwater.kafka;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/**
 * The topics of one installation.
 *
 * @param prefix of every name, such as {@code headwater.}
 * @param partitions of every topic, 1 to 10000; the trainer of a samples partition owns the same partition of the others
 * @param replication copies of each partition
 * @param minInSyncReplicas that must have a record before it counts as written
 * @param maxRecordBytes of a sample or request, all parts together
 * @param maxHeaderBytes of the headers of a sample or request, names and values together
 */
public record Topics(
        String prefix,
        int partitions,
        short replication,
        int minInSyncReplicas,
        int maxRecordBytes,
        int maxHeaderBytes) {
    private static final int DEFAULT_MAX_HEADER_BYTES = 64 << 10;

    /** Room for the headers that a dead letter adds to the record as it came. */
    private static final int DEAD_LETTER_ROOM = 1 << 20;

    public Topics {
        if (partitions < 1 || replication < 1 || minInSyncReplicas < 1 || minInSyncReplicas > replication) {
            throw new IllegalArgumentException(
                    "topics need partitions >= 1 and 1 <= min.insync.replicas <= replication, but have %d, %d, %d"
                            .formatted(partitions, minInSyncReplicas, replication));
        }
    }

    /** Topics with the default limit of headers, 64 KiB. */
    public Topics(String prefix, int partitions, short replication, int minInSyncReplicas, int maxRecordBytes) {
        this(prefix, partitions, replication, minInSyncReplicas, maxRecordBytes, DEFAULT_MAX_HEADER_BYTES);
    }

    /** The full name of {@code topic}. */
    public String name(Topic topic) {
        return prefix + topic.suffix();
    }

    /** One partition of {@code topic}. */
    public TopicPartition partition(Topic topic, int partition) {
        return new TopicPartition(name(topic), partition);
    }

    /** The partition of a domain and of all its lanes: murmur2 of the domain, as Kafka's Java producer places keys. */
    public int partitionOf(String domain) {
        return Utils.toPositive(Utils.murmur2(domain.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    /** The largest record batch that {@code topic} must take, in bytes. */
    int maxMessageBytes(Topic topic) {
        return topic == Topic.DEAD_LETTERS ? maxRecordBytes + DEAD_LETTER_ROOM : maxRecordBytes;
    }

    /** The largest request that a producer for these topics may make, in bytes. */
    int maxRequestBytes() {
        return maxRecordBytes + 2 * DEAD_LETTER_ROOM;
    }
}
