package io.headwater.domain;

import java.time.Instant;
import java.util.Map;

/**
 * The answer to a request: one event of the {@code predictions} topic.
 *
 * @param requestId id of the request that this answers
 * @param domain domain of the request
 * @param version the version that made the prediction; it belongs to another lane than the request when a lane without
 *     a version of its own is served by its source
 * @param answer the predicted label, of the same kind as the labels of the task
 * @param probabilities probability of each class, 0 to 1; empty when the task has no class probabilities
 * @param at time of the prediction
 */
public record Prediction(
        String requestId,
        String domain,
        VersionRef version,
        Label answer,
        Map<String, Float> probabilities,
        Instant at) {
    public Prediction {
        probabilities = Map.copyOf(probabilities);
    }

    /** Returns the answer as one line of text for people; for classes, this is the most probable class. */
    public String label() {
        return answer.text();
    }
}
