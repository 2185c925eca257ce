package io.headwater.streams;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.LateLabel;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A label as it is on the topic of labels.
 *
 * @param record the record
 * @param label what it says
 */
record LabelView(ConsumerRecord<byte[], byte[]> record, LateLabel label) {
    /** Reads a record that was read before. */
    static LabelView of(ConsumerRecord<byte[], byte[]> record, Codec codec) {
        return new LabelView(record, codec.decodeOrThrow(EventType.LATE_LABEL, record.value()));
    }

    /** When the label was observed, in milliseconds since the epoch; never after it came. */
    long observed() {
        return label.observedAt().equals(Instant.EPOCH)
                ? record.timestamp()
                : Math.min(record.timestamp(), millis(label.observedAt()));
    }

    private static long millis(Instant instant) {
        return instant.getEpochSecond() < 0
                ? 0
                : Math.min(instant.getEpochSecond(), Integer.MAX_VALUE * 1000L) * 1000 + instant.getNano() / 1_000_000;
    }

    /** The label without the time of its observation. Equal labels have equal bytes; their records compare arrays by identity. */
    byte[] comparable(Codec codec) {
        return codec.encode(
                EventType.LATE_LABEL, new LateLabel(label.id(), label.domain(), label.label(), Instant.EPOCH));
    }
}
