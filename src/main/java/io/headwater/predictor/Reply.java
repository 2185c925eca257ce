package io.headwater.predictor;

import io.headwater.domain.Prediction;
import io.headwater.domain.Rejection;
import io.headwater.intake.PreparedRecord;
import io.headwater.serving.Answering.Candidate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What becomes of a request. */
sealed interface Reply extends PreparedRecord {
    /**
     * It is answered.
     *
     * @param candidate what decides whether people should label it; null when nobody is asked
     */
    record Predicted(
            ConsumerRecord<byte[], byte[]> record,
            Prediction prediction,
            @Nullable Candidate candidate) implements Reply {}

    /** It becomes a dead letter. */
    record Refused(ConsumerRecord<byte[], byte[]> record, Rejection rejection) implements Reply {}

    /** Another adaptation answers it, or it was answered before it came on the topic. */
    record LeftToAnother(ConsumerRecord<byte[], byte[]> record) implements Reply {}

    /**
     * It must wait, because the version that serves its lane cannot be loaded.
     *
     * @param domain its domain
     * @param isNamed whether it names this adaptation
     */
    record Postponed(ConsumerRecord<byte[], byte[]> record, String domain, boolean isNamed) implements Reply {}
}
