package io.headwater.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A sample of a domain, with or without its label. The domain itself is the key of the Kafka record.
 *
 * @param id unique within the domain, 1 to 200 characters
 * @param payload the input of the model
 * @param label the expected output; null when it is not known
 * @param observedAt when the label was observed, or the payload when there is no label
 * @param provenance the request and the prediction that it comes from; null when it comes from none
 */
public record Sample(
        String id,
        Payload payload,
        @Nullable Label label,
        Instant observedAt,
        @Nullable Provenance provenance) {

    /** Creates a sample that comes from no prediction. */
    public Sample(String id, Payload payload, @Nullable Label label, Instant observedAt) {
        this(id, payload, label, observedAt, null);
    }
}
