package io.headwater.domain;

import java.time.Instant;
import java.util.Map;

/**
 * The answer to a request: one event of the {@code predictions} topic.
 *
 * @param requestId of the request that it answers
 * @param domain of the request
 * @param version that answered; its lane is another than the request's where a lane without a version of its own is
 *     served by its source
 * @param answer of the kind that the task's labels have
 * @param probabilities that explain it: by class, each 0 to 1; empty where a task has none
 * @param at when
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

    /** The answer in one line, for people: for classes, the most probable one. */
    public String label() {
        return answer.text();
    }
}
