package io.headwater.domain;

import java.time.Instant;

/**
 * The label of a request, known only after the prediction: one event of the {@code labels} topic. A later event for the same
 * request with another label corrects it.
 *
 * @param id id of the request, 1 to 200 characters
 * @param domain domain of the request
 * @param label the expected output
 * @param observedAt when the label was observed; the epoch when this is not known
 */
public record LateLabel(String id, String domain, Label label, Instant observedAt) {}
