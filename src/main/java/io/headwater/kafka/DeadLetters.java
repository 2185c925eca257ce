package io.headwater.kafka;

import io.headwater.codec.DeadLetterHeaders;
import io.headwater.domain.Rejection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Puts a record that cannot be used on the dead-letters topic: untouched, with headers that say why and where it stood. */
public final class DeadLetters {
    /** The longest key that can name a domain, and more. */
    private static final int MAX_KEY_BYTES = 1024;

    private DeadLetters() {}

    /**
     * The dead letter of {@code record}, on the dead-letters partition of the same number. Of a record that is larger than
     * records may be, only the headers that say where it stood are kept, and the key if it is short: what was small enough
     * for the samples topic when it was compressed may be too large for any topic as it is.
     */
    public static ProducerRecord<byte[], byte[]> of(
            ConsumerRecord<byte[], byte[]> record, Rejection rejection, Topics topics) {
        String topic = topics.name(Topic.DEAD_LETTERS);
        byte @Nullable [] key = record.key();
        ProducerRecord<byte[], byte[]> letter = RecordKeys.sizeOf(record) <= topics.maxRecordBytes()
                ? new ProducerRecord<>(topic, record.partition(), key, record.value(), record.headers())
                : new ProducerRecord<>(
                        topic, record.partition(), key != null && key.length <= MAX_KEY_BYTES ? key : null, null);
        new DeadLetterHeaders(rejection, record.topic(), record.partition(), record.offset(), record.timestamp())
                .encode()
                .forEach(letter.headers()::add);
        return letter;
    }
}
