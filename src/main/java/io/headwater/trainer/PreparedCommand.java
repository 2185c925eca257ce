package io.headwater.trainer;

import io.headwater.domain.Rejection;
import io.headwater.intake.PreparedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record of the commands topic that was read carefully.
 *
 * @param record the original record; without its key and value when it could not be fetched
 * @param rejection why it must not even be decoded; null when it can be
 */
record PreparedCommand(
        ConsumerRecord<byte[], byte[]> record, @Nullable Rejection rejection) implements PreparedRecord {}
