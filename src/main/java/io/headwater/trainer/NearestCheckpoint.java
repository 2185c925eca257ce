package io.headwater.trainer;

import io.headwater.adapt.LaneLearner;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.Digest;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.PartitionReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;

/** Brings learners into the state after a version, from the newest checkpoint of the lane before it that is intact. */
final class NearestCheckpoint {
    private final LaneContext context;
    private final Replay replay;

    NearestCheckpoint(LaneContext context, Replay replay) {
        this.context = context;
        this.replay = replay;
    }

    /** Returns the learner that the checkpoint of a version holds; empty when it is missing or damaged. */
    Optional<LaneLearner> stored(VersionRef version) {
        try {
            return Optional.of(LaneLearner.restored(
                    context.config(), context.goal(), context.heads(), context.checkpoint(version)));
        } catch (ArtifactException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns the learner in the state after {@code version}, which learns the samples since the checkpoint again.
     *
     * @param versions the versions of its lane
     * @throws ReplayException when the log does not contain these samples any more
     * @throws ArtifactException when an artifact of another lane is missing, or a rebuilt version is another one
     */
    LaneLearner learnerAfter(VersionRef version, Map<VersionRef, ModelVersion> versions, PartitionReader log) {
        Deque<ModelVersion> missing = new ArrayDeque<>();
        VersionRef next = version;
        while (next != null && next.lane().equals(version.lane())) {
            Optional<LaneLearner> stored = stored(next);
            if (stored.isPresent()) {
                return learned(stored.get(), missing, log);
            }
            ModelVersion found = versions.get(next);
            if (found == null) {
                throw new ArtifactException(
                        "version %s must be on the topic of versions to be rebuilt, but is not".formatted(next));
            }
            missing.addFirst(found);
            next = found.lineage().parent();
        }
        return learned(replay.parent(missing.element()), missing, log);
    }

    private LaneLearner learned(LaneLearner learner, Iterable<ModelVersion> missing, PartitionReader log) {
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
}
