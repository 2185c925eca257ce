package io.headwater.streams;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Records of topics as bytes and back, so that a label on its way to its request still can become the dead letter of the record
 * that it came in.
 */
final class LabelRecord {
    private LabelRecord() {}

    /** Returns the record of a topic that a processor has before it. */
    static ConsumerRecord<byte[], byte[]> of(Record<RoutedKey, byte[]> record, RecordMetadata place) {
        RoutedKey routed = record.key();
        return of(
                place.topic(),
                place.partition(),
                place.offset(),
                record.timestamp(),
                routed == null ? null : routed.key(),
                record.value(),
                record.headers());
    }

    private static ConsumerRecord<byte[], byte[]> of(
            String topic,
            int partition,
            long offset,
            long time,
            byte @Nullable [] key,
            byte @Nullable [] value,
            Headers headers) {
        return new ConsumerRecord<>(
                topic,
                partition,
                offset,
                time,
                TimestampType.LOG_APPEND_TIME,
                key == null ? -1 : key.length,
                value == null ? -1 : value.length,
                key,
                value,
                headers,
                Optional.empty());
    }

    static byte[] encode(ConsumerRecord<byte[], byte[]> record) {
        return StateFormat.write(out -> {
            out.writeInt(record.partition());
            out.writeLong(record.offset());
            out.writeLong(record.timestamp());
            StateFormat.write(out, record.key());
            StateFormat.write(out, record.value());
            Header[] headers = record.headers().toArray();
            out.writeInt(headers.length);
            for (Header header : headers) {
                StateFormat.write(out, header.key());
                StateFormat.write(out, header.value());
            }
        });
    }

    /** Returns the record of {@code topic} that {@link #encode} was given. */
    static ConsumerRecord<byte[], byte[]> decode(String topic, byte[] bytes) {
        return StateFormat.read(bytes, in -> {
            int partition = in.readInt();
            long offset = in.readLong();
            long time = in.readLong();
            byte[] key = StateFormat.readBytes(in);
            byte[] value = StateFormat.readBytes(in);
            Headers headers = new RecordHeaders();
            for (int left = in.readInt(); left > 0; left--) {
                headers.add(StateFormat.readText(in), StateFormat.readBytes(in));
            }
            return of(topic, partition, offset, time, key, value, headers);
        });
    }
}
