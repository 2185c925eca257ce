package io.headwater.trainer;

import io.headwater.adapt.LaneLearner;
import io.headwater.config.ConfigurationException;
import io.headwater.domain.Lane;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.TrainerState;
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
        String adaptation = context.config().name();
        Lane lane = new Lane(adaptation, domain);
        String source = context.config().source();
        if (source == null || source.equals(domain)) {
            return untrained(lane, partition, offset);
        }
        Optional<Serving> origin = serving.apply(new Lane(adaptation, source));
        return origin.map(from -> startedFrom(from, lane, partition, offset))
                .orElseGet(() -> untrained(lane, partition, offset));
    }

    private LaneTrainer untrained(Lane lane, int partition, long offset) {
        LaneLearner learner =
                LaneLearner.untrained(context.config(), context.goal(), context.baseModel(), context.heads());
        return new LaneTrainer(lane, partition, context, learner, null, null, offset);
    }

    private LaneTrainer startedFrom(Serving from, Lane lane, int partition, long offset) {
        LaneLearner learner = LaneLearner.startedFrom(
                context.config(),
                context.goal(),
                context.heads(),
                context.store().get(from.version().checkpoint()));
        requireSameBase(lane, learner);
        LaneTrainer trainer = new LaneTrainer(lane, partition, context, learner, from.version(), null, offset);
        String reason = "the lane starts from " + from.version();
        Serving start = new Serving(
                from.version(),
                null,
                DecidedBy.GATE,
                reason,
                false,
                context.clock().instant());
        trainer.startWith(start);
        return trainer;
    }

    /** Restores a lane to {@code state}. */
    LaneTrainer restore(Lane lane, int partition, TrainerState state, @Nullable Serving current) {
        LaneLearner learner = LaneLearner.restored(
                context.config(),
                context.goal(),
                context.heads(),
                context.store().get(state.version().checkpoint()));
        requireSameBase(lane, learner);
        LaneTrainer trainer =
                new LaneTrainer(lane, partition, context, learner, null, state.version(), state.nextOffset());
        if (current != null) {
            trainer.resume(current, state.savedAt());
        }
        return trainer;
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
