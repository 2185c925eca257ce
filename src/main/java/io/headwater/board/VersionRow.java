package io.headwater.board;

import io.headwater.domain.ModelVersion;
import io.headwater.domain.VersionRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A version of a lane.
 *
 * @param ref identifies it
 * @param parent the version from which it was trained; null when it was begun untrained
 * @param samples number of samples that it was trained on since its parent
 * @param totalSamples number of samples that the lane had been trained on
 * @param classes number of its classes
 * @param forgotten number of samples that it forgot
 */
public record VersionRow(
        VersionRef ref,
        @Nullable VersionRef parent,
        Instant createdAt,
        int samples,
        long totalSamples,
        int classes,
        int forgotten) {

    static VersionRow of(ModelVersion version) {
        return new VersionRow(
                version.ref(),
                version.lineage().parent(),
                version.createdAt(),
                version.lineage().samples(),
                version.totalSamples(),
                version.labels().size(),
                version.lineage().forgotten().size());
    }
}
