package io.headwater.trainer;

import io.headwater.adapt.LaneLearner;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.PartitionReader;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Rebuilds the learner of a lane whose newest checkpoint is missing or damaged: from the newest checkpoint before it that is
 * intact, and from the samples since then.
 */
final class LaneRescue {
    private final LaneContext context;
    private final SampleLog samples;
    private final PartitionReader log;
    private final Replay replay;

    LaneRescue(LaneContext context, SampleLog samples, PartitionReader log, Replay replay) {
        this.context = context;
        this.samples = samples;
        this.log = log;
        this.replay = replay;
    }

    /**
     * Returns the learner in the state after {@code version}; the comparison of its champion with others begins anew.
     *
     * @throws ReplayException when the log does not contain the samples any more
     * @throws io.headwater.domain.ArtifactException when an artifact of another lane is missing, or the rebuilt version is another one
     */
    LaneLearner rebuilt(Lane lane, int partition, VersionRef version) {
        return new NearestCheckpoint(context, replay).learnerAfter(version, versions(lane, partition), log);
    }

    private Map<VersionRef, ModelVersion> versions(Lane lane, int partition) {
        return samples.versions(lane, partition).stream()
                .collect(Collectors.toMap(ModelVersion::ref, version -> version, (first, second) -> second));
    }
}
