package io.headwater.domain;

import java.time.Instant;

/**
 * An unlabelled sample that wants an answer; the domain itself is the record's key.
 *
 * @param id unique within the domain, 1 to 200 characters; the prediction carries it back
 * @param payload what the model sees
 * @param askedAt when it was asked
 */
public record Request(String id, Payload payload, Instant askedAt) {}
