package io.headwater.domain;

import java.time.Instant;

/**
 * A labelled sample of a domain; the domain itself is the record's key.
 *
 * @param id unique within the domain, 1 to 200 characters
 * @param payload what the model sees
 * @param label what it should say
 * @param observedAt when the label was observed
 */
public record Sample(String id, Payload payload, Label label, Instant observedAt) {}
