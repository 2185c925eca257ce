package io.headwater.kafka;

import io.headwater.codec.DeadLetterHeaders;
import io.headwater.domain.Rejection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Puts a record that cannot be used on the dead-letters topic: untouched, with headers that say why and where it stood. */
public final class DeadLetters {
    private DeadLetters() {}

    /** The dead letter of {@code record}, on the dead-letters partition of the same number. */
    public static ProducerRecord<byte[], byte[]> of(
            ConsumerRecord<byte[], byte[]> record, Rejection rejection, Topics topics) {
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(
                topics.name(Topic.DEAD_LETTERS), record.partition(), record.key(), record.value(), record.headers());
        new DeadLetterHeaders(rejection, record.topic(), record.partition(), record.offset(), record.timestamp())
                .encode()
                .forEach(letter.headers()::add);
        return letter;
    }
}
