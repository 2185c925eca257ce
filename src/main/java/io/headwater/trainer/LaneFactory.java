package io.headwater.trainer;

import io.headwater.adapt.LaneLearner;
import io.headwater.config.ConfigurationException;
import io.headwater.domain.Lane;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.TrainerState;
import io.headwater.domain.TrainerState.Restart;
import io.headwater.domain.VersionRef;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Creates and restores lanes. */
final class LaneFactory {
    private final LaneContext context;
    private final Function<Lane, Optional<Serving>> serving;

    /**
     * Creates a factory for the lanes of one adaptation.
     *
     * @param serving returns the version that serves a lane of any partition, because new lanes start from the champion
     *     of the source
     */
    LaneFactory(LaneContext context, Function<Lane, Optional<Serving>> serving) {
        this.context = context;
        this.serving = serving;
    }

    /** Creates a lane whose first sample is at {@code offset}. */
    LaneTrainer begin(String domain, int partition, long offset) {
        Lane lane = new Lane(context.config().name(), domain);
        LaneStart start = start(lane);
        LaneTrainer trainer = new LaneTrainer(lane, partition, context, start, null, new LaneProgress(offset));
        VersionRef origin = start.origin();
        if (origin != null) {
            String reason = "the lane starts from " + origin;
            trainer.startWith(new Serving(
                    origin, null, DecidedBy.GATE, reason, false, context.clock().instant()));
        }
        return trainer;
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
        LaneLearner learner = origin == null
                ? LaneLearner.untrained(context.config(), context.goal(), context.baseModel(), context.heads())
                : LaneLearner.startedFrom(
                        context.config(),
                        context.goal(),
                        context.heads(),
                        context.store().get(origin.checkpoint()));
        requireSameBase(lane, learner);
        return new LaneStart(learner, origin);
    }

    /** Restores a lane to {@code state}. */
    LaneTrainer restore(Lane lane, int partition, TrainerState state, @Nullable Serving current) {
        Restart restart = state.restart();
        LaneStart start = restart == null ? restored(lane, state.version()) : startedFrom(lane, restart.origin());
        LaneTrainer trainer = new LaneTrainer(lane, partition, context, start, state.version(), LaneProgress.of(state));
        if (current != null) {
            trainer.resume(current, state.savedAt());
        }
        return trainer;
    }

    private LaneStart restored(Lane lane, VersionRef version) {
        LaneLearner learner = LaneLearner.restored(
                context.config(),
                context.goal(),
                context.heads(),
                context.store().get(version.checkpoint()));
        requireSameBase(lane, learner);
        return new LaneStart(learner, version);
    }

    private void requireSameBase(Lane lane, LaneLearner learner) {
        if (!learner.baseModel().equals(context.baseModel())) {
            throw ConfigurationException.of(
                    "lane '%s' was learned on base model %s, but adaptation '%s' names %s; give the adaptation a new name"
                            .formatted(
                                    lane, learner.baseModel(), context.config().name(), context.baseModel()));
        }
    }
}
