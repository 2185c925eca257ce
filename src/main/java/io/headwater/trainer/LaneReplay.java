package io.headwater.trainer;

import io.headwater.adapt.LaneLearner;
import io.headwater.domain.Digest;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.PartitionReader;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds versions of a lane. A version whose parent's checkpoint has been deleted is rebuilt from the nearest version before
 * it that has one, and from all samples since then; versions that are rebuilt in their order go on from each other. Not
 * thread-safe.
 */
public final class LaneReplay implements AutoCloseable {
    private final Replay replay;
    private final NearestCheckpoint nearest;
    private final Map<VersionRef, ModelVersion> versions;
    private @Nullable LaneLearner learner;
    private @Nullable VersionRef state;

    LaneReplay(LaneContext context, Replay replay, Collection<ModelVersion> versions) {
        this.replay = replay;
        this.nearest = new NearestCheckpoint(context, replay);
        this.versions = versions.stream()
                .collect(Collectors.toMap(ModelVersion::ref, Function.identity(), (first, second) -> second));
    }

    /**
     * Rebuilds {@code version}.
     *
     * @throws ReplayException as {@link Replay#rebuild} does
     * @throws io.headwater.domain.ArtifactException when an artifact of another lane is missing, or a version in between is
     *     rebuilt as another one
     */
    public Replay.Result rebuild(ModelVersion version, PartitionReader log) {
        LaneLearner parent = parent(version, log);
        learner = parent;
        state = null;
        int samples = replay.learn(parent, version, log);
        Replay.Result result =
                new Replay.Result(version, Digest.of(parent.artifact().toBytes()), samples);
        state = result.matches() ? version.ref() : null;
        return result;
    }

    private LaneLearner parent(ModelVersion version, PartitionReader log) {
        VersionRef parent = version.lineage().parent();
        if (parent == null || !parent.lane().equals(version.ref().lane())) {
            close();
            return replay.parent(version);
        }
        Optional<LaneLearner> stored = nearest.stored(parent);
        LaneLearner current = learner;
        if (stored.isEmpty() && current != null && parent.equals(state)) {
            return current;
        }
        close();
        return stored.orElseGet(() -> nearest.learnerAfter(parent, versions, log));
    }

    @Override
    public void close() {
        if (learner != null) {
            learner.close();
            learner = null;
        }
    }
}
