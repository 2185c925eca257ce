package io.headwater.streams;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * The key of a record and the partition that it belongs on, which only Headwater knows: that of its domain, or that of the record
 * whose dead letter it is.
 *
 * @param partition of a record that is written; -1 of one that was read
 * @param key as it is on the topic
 */
record RoutedKey(int partition, byte @Nullable [] key) {
    private static final int READ = -1;

    static final Serializer<RoutedKey> SERIALIZER = (topic, routed) -> routed.key();
    static final Deserializer<RoutedKey> DESERIALIZER = (topic, bytes) -> new RoutedKey(READ, bytes);
    static final Serde<RoutedKey> SERDE = Serdes.serdeFrom(SERIALIZER, DESERIALIZER);
    static final StreamPartitioner<RoutedKey, byte[]> PARTITIONER =
            (topic, routed, value, partitions) -> Optional.of(Set.of(routed.partition()));
}
