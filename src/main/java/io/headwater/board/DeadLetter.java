package io.headwater.board;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.headwater.codec.CodecException;
import io.headwater.codec.DeadLetterHeaders;
import io.headwater.domain.Lane;
import io.headwater.domain.Rejection.Reason;
import io.headwater.kafka.DeadLetters;
import io.headwater.kafka.RecordKeys;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record that could not be used, as people see it.
 *
 * @param id where the letter is: partition and offset on the dead-letters topic, as {@code 0-12}
 * @param at when the letter was written
 * @param reason the kind of fault
 * @param message what was wrong, and what to do
 * @param adaptation adaptation that could not use the record; empty in letters of former releases
 * @param domain key of the record; empty when it has none or it is not text
 * @param topic topic of the record
 * @param partition partition of the record
 * @param offset offset of the record
 * @param bytes size of the value; 0 when the letter has none, because the record was too large to be copied
 * @param replayed the letter of which the record was a replay; null when it was none
 */
public record DeadLetter(
        String id,
        Instant at,
        Reason reason,
        String message,
        String adaptation,
        String domain,
        String topic,
        int partition,
        long offset,
        int bytes,
        @Nullable @JsonProperty("replayOf") String replayed) {
    /** Header of a record that was sent again, with the letter it comes from. */
    public static final String REPLAY_OF = "headwater.replay-of";

    /** Returns whether the record was one of a lane. */
    boolean isOf(Lane lane) {
        return lane.adaptation().equals(adaptation) && lane.domain().equals(domain);
    }

    /** Returns the letter of a record; null when another program wrote it. */
    public static @Nullable DeadLetter of(ConsumerRecord<byte[], byte[]> record) {
        try {
            DeadLetterHeaders headers = DeadLetters.headers(record);
            Header replay = record.headers().lastHeader(REPLAY_OF);
            return new DeadLetter(
                    record.partition() + "-" + record.offset(),
                    Instant.ofEpochMilli(record.timestamp()),
                    headers.rejection().reason(),
                    headers.rejection().message(),
                    headers.adaptation(),
                    RecordKeys.text(record.key()),
                    headers.topic(),
                    headers.partition(),
                    headers.offset(),
                    record.value() == null ? 0 : record.value().length,
                    replay == null ? null : RecordKeys.text(replay.value()));
        } catch (CodecException e) {
            return null;
        }
    }
}
