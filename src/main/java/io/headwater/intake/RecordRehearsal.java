package io.headwater.intake;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Prepares a record as a role does, in the process that tries single records. */
@FunctionalInterface
public interface RecordRehearsal {
    /**
     * Prepares {@code record} and ignores the result; throws only when it cannot even be rejected.
     *
     * @param decoded to be run as soon as the record is decoded, when the role needs to know whether it can be
     */
    void prepare(ConsumerRecord<byte[], byte[]> record, Runnable decoded);
}
