package io.headwater.kafka;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Positions of a consumer in a group. */
public final class Offsets {
    private Offsets() {}

    /** Seeks every assigned partition to the committed offset of the group, or to the beginning when there is none. */
    public static void rewind(Consumer<?, ?> consumer) {
        rewind(consumer, consumer.assignment());
    }

    /** Seeks {@code partitions}, which are assigned, as {@link #rewind(Consumer)} does. */
    public static void rewind(Consumer<?, ?> consumer, Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(partitions);
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = committed.get(partition);
            if (offset == null) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, offset);
            }
        }
    }
}
