package io.headwater.streams;

import java.time.InstantSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The time of a record: that of the broker, as {@code message.timestamp.type=LogAppendTime} sets it, but never later than the
 * clock of this process. A time of the future, which a topic without this setting takes from a producer, would otherwise let
 * everything expire at once.
 */
record BrokerTime(InstantSource clock) implements TimestampExtractor {
    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        return Math.max(0, Math.min(record.timestamp(), clock.millis()));
    }
}
