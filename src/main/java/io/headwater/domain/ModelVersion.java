package io.headwater.domain;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * An immutable, numbered, published head with its lineage: one event of the {@code model-versions} topic.
 *
 * @param ref names it
 * @param lineage where it came from
 * @param labels the classes of its output layer, in the order of the logits
 * @param totalSamples samples that this lane has learned from since it began
 * @param createdAt when it was made
 * @param environment what could change its bytes: library versions, back end, threads
 */
public record ModelVersion(
        VersionRef ref,
        Lineage lineage,
        List<String> labels,
        long totalSamples,
        Instant createdAt,
        Map<String, String> environment) {
    public ModelVersion {
        labels = List.copyOf(labels);
        environment = Map.copyOf(environment);
    }
}
