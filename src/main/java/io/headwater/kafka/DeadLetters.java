package io.headwater.kafka;

import io.headwater.codec.DeadLetterHeaders;
import io.headwater.domain.Rejection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Creates dead letters: unchanged copies of records that cannot be used, with headers for the reason and the original
 * position.
 */
public final class DeadLetters {
    /** Maximum length of a key in an oversized dead letter; longer than any valid key. */
    private static final int MAX_KEY_BYTES = 1024;

    private DeadLetters() {}

    /**
     * Returns the dead letter of {@code record}, which {@code adaptation} could not use, for the partition of the dead-letters topic with the same number. For
     * an oversized record, only the headers with its position are written, and the key if it is short: a compressed
     * record that fitted on the samples topic may be too large for any topic when uncompressed.
     */
    public static ProducerRecord<byte[], byte[]> of(
            ConsumerRecord<byte[], byte[]> record, Rejection rejection, String adaptation, Topics topics) {
        String topic = topics.name(Topic.DEAD_LETTERS);
        byte @Nullable [] key = record.key();
        ProducerRecord<byte[], byte[]> letter = RecordKeys.sizeOf(record) <= topics.maxRecordBytes()
                ? new ProducerRecord<>(topic, record.partition(), key, record.value(), record.headers())
                : new ProducerRecord<>(
                        topic, record.partition(), key != null && key.length <= MAX_KEY_BYTES ? key : null, null);
        new DeadLetterHeaders(
                        rejection, record.topic(), record.partition(), record.offset(), record.timestamp(), adaptation)
                .encode()
                .forEach(letter.headers()::add);
        return letter;
    }

    /**
     * Returns the headers of a dead letter.
     *
     * @throws io.headwater.codec.CodecException when one is missing or cannot be read, as in a record of another program
     */
    public static DeadLetterHeaders headers(ConsumerRecord<byte[], byte[]> letter) {
        Map<String, byte[]> headers = new HashMap<>();
        letter.headers().forEach(header -> headers.put(header.key(), header.value()));
        return DeadLetterHeaders.decode(headers);
    }
}
