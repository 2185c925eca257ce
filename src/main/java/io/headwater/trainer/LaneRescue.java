package io.headwater.trainer;

import io.headwater.adapt.LaneLearner;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.PartitionReader;
import java.util.ArrayDeque;
import java.util.Deque;
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
     * @throws ArtifactException when an artifact of another lane is missing, or the rebuilt version is another one
     */
    LaneLearner rebuilt(Lane lane, int partition, VersionRef version) {
        Deque<ModelVersion> missing = missing(versions(lane, partition), version);
        LaneLearner learner = replay.parent(missing.element());
        try {
            for (ModelVersion next : missing) {
                replay.learn(learner, next, log);
                Digest rebuilt = Digest.of(learner.artifact().toBytes());
                if (!rebuilt.equals(next.ref().artifact())) {
                    throw new ArtifactException("version %s must be rebuilt as %s, but its samples give %s"
                            .formatted(next.ref(), next.ref().artifact(), rebuilt));
                }
            }
            return learner;
        } catch (RuntimeException e) {
            learner.close();
            throw e;
        }
    }

    /** Returns the versions after the newest intact checkpoint up to {@code version}, oldest first. */
    private Deque<ModelVersion> missing(Map<VersionRef, ModelVersion> versions, VersionRef version) {
        Deque<ModelVersion> missing = new ArrayDeque<>();
        VersionRef next = version;
        while (next != null && next.lane().equals(version.lane()) && (missing.isEmpty() || !isIntact(next))) {
            ModelVersion found = versions.get(next);
            if (found == null) {
                throw new ArtifactException(
                        "version %s must be on the topic of versions to be rebuilt, but is not".formatted(next));
            }
            missing.addFirst(found);
            next = found.lineage().parent();
        }
        return missing;
    }

    private boolean isIntact(VersionRef version) {
        try {
            context.store().get(version.checkpoint());
            return true;
        } catch (ArtifactException e) {
            return false;
        }
    }

    private Map<VersionRef, ModelVersion> versions(Lane lane, int partition) {
        return samples.versions(lane, partition).stream()
                .collect(Collectors.toMap(ModelVersion::ref, version -> version, (first, second) -> second));
    }
}
