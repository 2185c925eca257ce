package io.headwater.kafka;

import io.headwater.domain.Lane;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Checks of a record before its value is decoded. */
public final class RecordKeys {
    private RecordKeys() {}

    /** Returns a record whose size is within the limits, or the reason why it cannot be used. */
    public static Outcome<ConsumerRecord<byte[], byte[]>> checkSize(
            ConsumerRecord<byte[], byte[]> record, Topics topics) {
        long size = sizeOf(record);
        if (size > topics.maxRecordBytes()) {
            return Outcome.rejected(
                    Reason.TOO_LARGE,
                    "key, value and headers of a record must be at most %d bytes together, but are %d"
                            .formatted(topics.maxRecordBytes(), size));
        }
        long headers = headerBytes(record);
        if (headers > topics.maxHeaderBytes()) {
            return Outcome.rejected(
                    Reason.TOO_LARGE,
                    "headers of a record must be at most %d bytes together, but are %d"
                            .formatted(topics.maxHeaderBytes(), headers));
        }
        return Outcome.ok(record);
    }

    /** Returns the domain from the key of a record, or the reason why the record cannot be used. */
    public static Outcome<String> check(ConsumerRecord<byte[], byte[]> record, Topics topics) {
        return checkSize(record, topics).then(fitting -> domain(fitting, topics));
    }

    private static Outcome<String> domain(ConsumerRecord<byte[], byte[]> record, Topics topics) {
        String domain = text(record.key());
        if (!Lane.isDomain(domain)) {
            return Outcome.rejected(
                    Reason.BAD_KEY,
                    "the key must name a domain: 1 to 200 characters of UTF-8 without '/' and control characters, but is '"
                            + domain + "'");
        }
        if (topics.partitionOf(domain) != record.partition()) {
            return Outcome.rejected(
                    Reason.MISROUTED,
                    ("domain '%s' belongs on partition %d (murmur2 of the key), but came on %d; give the producer the"
                                    + " partitioner of Kafka's Java client, for librdkafka partitioner=murmur2_random")
                            .formatted(domain, topics.partitionOf(domain), record.partition()));
        }
        return Outcome.ok(domain);
    }

    /** Returns the partition from which a record comes. */
    public static TopicPartition partitionOf(ConsumerRecord<?, ?> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    /** Returns the key as text; empty when there is none or it is not UTF-8. */
    public static String text(byte @Nullable [] key) {
        if (key == null) {
            return "";
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(key))
                    .toString();
        } catch (CharacterCodingException e) {
            return "";
        }
    }

    /** Returns the uncompressed size of key, value and headers in bytes. */
    public static long sizeOf(ConsumerRecord<byte[], byte[]> record) {
        return Math.max(0, record.serializedKeySize())
                + (long) Math.max(0, record.serializedValueSize())
                + headerBytes(record);
    }

    private static long headerBytes(ConsumerRecord<byte[], byte[]> record) {
        long size = 0;
        for (Header header : record.headers()) {
            size += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        return size;
    }
}
