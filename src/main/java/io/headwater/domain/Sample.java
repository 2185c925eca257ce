package io.headwater.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A labelled sample of a domain. The domain itself is the key of the Kafka record.
 *
 * @param id unique within the domain, 1 to 200 characters
 * @param payload the input of the model
 * @param label the expected output
 * @param observedAt when the label was observed
 * @param provenance the request and the prediction that it comes from; null for a sample that was sent with its label
 */
public record Sample(
        String id,
        Payload payload,
        Label label,
        Instant observedAt,
        @Nullable Provenance provenance) {

    /** Creates a sample that was sent with its label. */
    public Sample(String id, Payload payload, Label label, Instant observedAt) {
        this(id, payload, label, observedAt, null);
    }
}
