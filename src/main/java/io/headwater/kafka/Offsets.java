package io.headwater.kafka;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Positions of a consumer in a group. A partition can be taken away at any time, on a thread of the consumer: when the brokers
 * have not heard from this member for too long, it is no longer assigned although nothing was polled since.
 */
public final class Offsets {
    private Offsets() {}

    /** Seeks every assigned partition to the committed offset of the group, or to the beginning when there is none. */
    public static void rewind(Consumer<?, ?> consumer) {
        rewind(consumer, consumer.assignment());
    }

    /** Seeks {@code partitions}, as {@link #rewind(Consumer)} does; those that are not assigned any more are left out. */
    public static void rewind(Consumer<?, ?> consumer, Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(partitions);
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = committed.get(partition);
            whileAssigned(consumer, partition, () -> {
                if (offset == null) {
                    consumer.seekToBeginning(List.of(partition));
                } else {
                    consumer.seek(partition, offset);
                }
            });
        }
    }

    /** Seeks {@code partition} to {@code offset}, unless it is not assigned any more. */
    public static void seek(Consumer<?, ?> consumer, TopicPartition partition, long offset) {
        whileAssigned(consumer, partition, () -> consumer.seek(partition, offset));
    }

    /** Pauses {@code partitions}; those that are not assigned any more are left out. */
    public static void pause(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            whileAssigned(consumer, partition, () -> consumer.pause(List.of(partition)));
        }
    }

    /**
     * Returns the position of {@code partition}.
     *
     * @throws KafkaException if it is not assigned any more, so that its next owner goes on from the committed offset
     */
    public static long position(Consumer<?, ?> consumer, TopicPartition partition) {
        try {
            return consumer.position(partition);
        } catch (IllegalStateException e) {
            throw new KafkaException("partition " + partition + " is not assigned to this consumer any more", e);
        }
    }

    /**
     * Does {@code work} on {@code partition}; leaves it out if the partition is not assigned any more.
     *
     * @throws KafkaException if the partition was taken away and assigned again meanwhile
     */
    static void whileAssigned(Consumer<?, ?> consumer, TopicPartition partition, Runnable work) {
        try {
            work.run();
        } catch (IllegalStateException e) {
            if (consumer.assignment().contains(partition)) {
                throw new KafkaException("the assignment of partition " + partition + " has changed", e);
            }
        }
    }
}
