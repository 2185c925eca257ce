package io.headwater.domain;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A published version of a lane's head with its lineage: one event of the {@code model-versions} topic. Immutable.
 *
 * @param ref identifies the version
 * @param lineage the origin of the version
 * @param labels the classes of its output layer, in the order of the logits
 * @param totalSamples number of samples that this lane has been trained on since it began
 * @param createdAt time at which it was created
 * @param environment properties of the environment that can affect the bytes of the version: library versions, back
 *     end, threads
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
