package io.headwater.predictor;

import io.headwater.domain.Prediction;
import io.headwater.domain.Rejection;
import io.headwater.intake.PreparedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What becomes of a request. */
sealed interface Reply extends PreparedRecord {
    /** It is answered. */
    record Predicted(ConsumerRecord<byte[], byte[]> record, Prediction prediction) implements Reply {}

    /** It becomes a dead letter. */
    record Refused(ConsumerRecord<byte[], byte[]> record, Rejection rejection) implements Reply {}

    /** Another adaptation answers it. */
    record LeftToAnother(ConsumerRecord<byte[], byte[]> record) implements Reply {}

    /**
     * It must wait, because the version that serves its lane cannot be loaded.
     *
     * @param domain its domain
     * @param isNamed whether it names this adaptation
     */
    record Postponed(ConsumerRecord<byte[], byte[]> record, String domain, boolean isNamed) implements Reply {}
}
