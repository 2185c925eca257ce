package io.headwater.domain;

import java.time.Instant;

/**
 * A labelled sample of a domain. The domain itself is the key of the Kafka record.
 *
 * @param id unique within the domain, 1 to 200 characters
 * @param payload the input of the model
 * @param label the expected output
 * @param observedAt when the label was observed
 */
public record Sample(String id, Payload payload, Label label, Instant observedAt) {}
