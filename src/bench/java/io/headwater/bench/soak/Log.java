package io.headwater.bench.soak;

import io.headwater.kafka.Topic;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The records of topics, in the order of each partition. */
interface Log {
    List<ConsumerRecord<byte[], byte[]>> of(Topic topic);
}
