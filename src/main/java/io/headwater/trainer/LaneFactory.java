package io.headwater.trainer;

import io.headwater.adapt.LaneLearner;
import io.headwater.config.ConfigurationException;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.Lane;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.TrainerState;
import io.headwater.domain.TrainerState.Restart;
import io.headwater.domain.VersionRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Creates and restores lanes. */
final class LaneFactory {
    private static final Logger LOG = Logger.getLogger(LaneFactory.class);

    private final LaneContext context;
    private final LaneRescue rescue;
    private final Function<Lane, Optional<Serving>> serving;
    private final Function<Lane, OptionalInt> partitions;

    /**
     * Creates a factory for the lanes of one adaptation.
     *
     * @param rescue rebuilds lanes whose checkpoint is lost
     * @param serving returns the version that serves a lane of any partition, because new lanes start from the champion
     *     of the source
     * @param partitions returns the partition on which a lane that is served learns
     */
    LaneFactory(
            LaneContext context,
            LaneRescue rescue,
            Function<Lane, Optional<Serving>> serving,
            Function<Lane, OptionalInt> partitions) {
        this.context = context;
        this.rescue = rescue;
        this.serving = serving;
        this.partitions = partitions;
    }

    /**
     * Creates a lane whose first sample is at {@code offset} of the samples topic with the id {@code topic}; rejected when the lane
     * learns on another partition already, to which its domain belonged while the topics had fewer partitions.
     *
     * @param begun the timestamp of the record with this sample
     */
    Outcome<LaneTrainer> begin(String domain, int partition, long offset, String topic, Instant begun) {
        Lane lane = new Lane(context.config().name(), domain);
        OptionalInt other = partitions.apply(lane);
        if (other.isPresent() && other.getAsInt() != partition) {
            return Outcome.rejected(
                    Reason.MISROUTED,
                    ("domain '%s' learns on partition %d, where it belonged when the topics had fewer partitions, but came on %d;"
                                    + " send it to partition %d")
                            .formatted(domain, other.getAsInt(), partition, other.getAsInt()));
        }
        return Outcome.ok(begin(lane, partition, new LaneProgress(offset, topic, begun)));
    }

    private LaneTrainer begin(Lane lane, int partition, LaneProgress progress) {
        LaneStart start = start(lane);
        LaneTrainer trainer = trainer(lane, partition, start, null, progress);
        VersionRef origin = start.origin();
        if (origin != null) {
            String reason = "the lane starts from " + origin;
            trainer.startWith(new Serving(
                    origin, null, DecidedBy.GATE, reason, false, context.clock().instant()));
        }
        return trainer;
    }

    private LaneTrainer trainer(
            Lane lane, int partition, LaneStart start, @Nullable VersionRef latest, LaneProgress progress) {
        return new LaneTrainer(
                lane,
                partition,
                context,
                start,
                latest,
                progress,
                version -> continued(lane, partition, version).learner());
    }

    /** Returns whether a lane of {@code domain} would begin with a version of the source. */
    boolean hasSource(String domain) {
        String source = context.config().source();
        return source != null
                && !source.equals(domain)
                && serving.apply(new Lane(context.config().name(), source)).isPresent();
    }

    /** Returns what {@code lane} begins with: the champion of the source if there is one. */
    LaneStart start(Lane lane) {
        String source = context.config().source();
        if (source == null || source.equals(lane.domain())) {
            return startedFrom(lane, null);
        }
        Optional<Serving> origin = serving.apply(new Lane(lane.adaptation(), source));
        return startedFrom(lane, origin.map(Serving::version).orElse(null));
    }

    private LaneStart startedFrom(Lane lane, @Nullable VersionRef origin) {
        if (origin != null) {
            context.renew(origin);
        }
        LaneLearner learner = origin == null
                ? LaneLearner.untrained(context.config(), context.goal(), context.baseModel(), context.heads())
                : LaneLearner.startedFrom(
                        context.config(), context.goal(), context.heads(), context.checkpoint(origin));
        requireSameBase(lane, learner);
        return new LaneStart(learner, origin);
    }

    /**
     * Restores a lane to {@code state}. When its checkpoint is missing or damaged, the lane is rebuilt from an earlier
     * one and the log; when that is impossible, it is paused, and all other lanes go on.
     */
    LaneTrainer restore(Lane lane, int partition, TrainerState state, @Nullable Serving current) {
        Restart restart = state.restart();
        VersionRef version = state.version();
        LaneProgress progress = LaneProgress.of(state);
        if (context.usesUnlabelled()) {
            progress.passOverUnused();
        }
        LaneTrainer trainer;
        try {
            LaneStart start =
                    restart == null ? continued(lane, partition, version) : startedFrom(lane, restart.origin());
            trainer = trainer(lane, partition, start, version, progress);
        } catch (ArtifactException | ReplayException e) {
            LOG.errorf(e, "lane-is-held lane=%s version=%s", lane, version);
            LaneLearner none =
                    LaneLearner.untrained(context.config(), context.goal(), context.baseModel(), context.heads());
            trainer = trainer(lane, partition, new LaneStart(none, version), version, progress);
            trainer.hold(
                    "the checkpoint of %s is lost and cannot be rebuilt: %s; restore the store from a backup and restart the trainer, or let the lane begin anew with 'headwater retrain' and 'headwater resume'"
                            .formatted(version, e.getMessage()));
        }
        if (current != null) {
            try {
                resume(trainer, current, state);
            } catch (RuntimeException e) {
                trainer.close();
                throw e;
            }
        }
        return trainer;
    }

    /** When the artifact of the champion is lost, the next version serves as the first one of a lane does. */
    private void resume(LaneTrainer trainer, Serving current, TrainerState state) {
        try {
            trainer.resume(current, state.savedAt());
        } catch (ArtifactException e) {
            requireStore(e);
            LOG.errorf(e, "champion-is-lost lane=%s version=%s", trainer.lane(), current.version());
        }
    }

    private LaneStart continued(Lane lane, int partition, VersionRef version) {
        LaneLearner learner;
        try {
            learner = LaneLearner.continued(
                    context.config(), context.goal(), context.heads(), context.checkpoint(version));
        } catch (ArtifactException e) {
            requireStore(e);
            LOG.warnf(e, "lane-is-rebuilt lane=%s version=%s", lane, version);
            learner = rescue.rebuilt(lane, partition, version);
        }
        requireSameBase(lane, learner);
        return new LaneStart(learner, version);
    }

    /** Distinguishes a lost artifact from a store that is not there: the configuration is in every store in use. */
    private void requireStore(ArtifactException e) {
        if (!context.store().contains(context.configuration())) {
            throw new UncheckedIOException(new IOException(
                    "the artifact store does not contain the configuration that this process has put there; is it mounted?",
                    e));
        }
    }

    private void requireSameBase(Lane lane, LaneLearner learner) {
        if (!learner.baseModel().equals(context.baseModel())) {
            learner.close();
            throw ConfigurationException.of(
                    "lane '%s' was learned on base model %s, but adaptation '%s' names %s; give the adaptation a new name"
                            .formatted(
                                    lane, learner.baseModel(), context.config().name(), context.baseModel()));
        }
    }
}
