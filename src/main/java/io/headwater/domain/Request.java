package io.headwater.domain;

import java.time.Instant;

/**
 * A request for a prediction. The domain itself is the key of the Kafka record.
 *
 * @param id unique within the domain, 1 to 200 characters; the prediction carries the same id
 * @param payload the input of the model
 * @param askedAt time of the request
 * @param adaptation name of the adaptation that should answer; empty for the one that has served longest
 */
public record Request(String id, Payload payload, Instant askedAt, String adaptation) {

    /** Creates a request that does not name an adaptation. */
    public Request(String id, Payload payload, Instant askedAt) {
        this(id, payload, askedAt, "");
    }
}
