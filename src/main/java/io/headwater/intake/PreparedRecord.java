package io.headwater.intake;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the preparation of a record results in. */
public interface PreparedRecord {
    /** Returns the record; without its key and value when it could not be fetched. */
    ConsumerRecord<byte[], byte[]> record();
}
