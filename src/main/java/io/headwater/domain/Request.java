package io.headwater.domain;

import java.time.Instant;

/**
 * A request for a prediction. The domain itself is the key of the Kafka record.
 *
 * @param id unique within the domain, 1 to 200 characters; the prediction carries the same id
 * @param payload the input of the model
 * @param askedAt time of the request
 */
public record Request(String id, Payload payload, Instant askedAt) {}
