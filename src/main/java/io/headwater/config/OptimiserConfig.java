package io.headwater.config;

import static io.headwater.config.key.NumberTypes.aboveZero;
import static io.headwater.config.key.NumberTypes.belowOne;
import static io.headwater.config.key.NumberTypes.between;
import static io.headwater.config.key.NumberTypes.whole;
import static io.headwater.config.key.TextTypes.choice;

import io.headwater.config.TrainingConfig.GradientConfig;
import io.headwater.config.key.Breach;
import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import io.headwater.config.key.KeyText;
import io.headwater.config.key.KeyValues;
import java.util.ArrayList;
import java.util.List;

/**
 * How gradients update the parameters. The learning rate itself is {@code training.learning-rate}.
 *
 * @param updater the update rule
 * @param momentum momentum of {@link Updater#SGD}, 0 to below 1 (Nesterov 1983)
 * @param weightDecay weight decay of {@link Updater#ADAMW}, decoupled from the gradient, 0 to 1; 0 with any other
 *     updater
 * @param schedule schedule of the learning rate
 * @param warmUpSteps number of steps in which the learning rate grows from 0, 0 to 1000000, without effect on
 *     {@link Schedule#CONSTANT}; at least 1 with {@link Schedule#WARM_UP} and {@link Schedule#INVERSE_SQUARE_ROOT}
 * @param scheduleSteps number of steps of the cosine schedule after the warm-up, 1 to 1000000
 * @param clipNorm maximum global norm of the gradients, 0 to 1000000; 0 for no clipping (Pascanu et al. 2013)
 * @param topRate learning rate of the topmost block as a fraction of the learning rate of the output layer, above 0 and
 *     at most 1
 * @param layerDecay learning rate of a block as a fraction of the learning rate of the block above it, above 0 and at
 *     most 1 (Howard and Ruder 2018)
 * @param l2Sp strength of the penalty on the distance from the pre-trained weights, 0 to 1 (Li et al. 2018)
 */
public record OptimiserConfig(
        Updater updater,
        double momentum,
        double weightDecay,
        Schedule schedule,
        int warmUpSteps,
        int scheduleSteps,
        double clipNorm,
        double topRate,
        double layerDecay,
        double l2Sp) {
    private static final KeyTableBuilder<OptimiserConfig> KEYS = KeyTable.builder();

    static final Key<Updater> UPDATER = KEYS.optional(
            "optimiser.updater",
            choice(Updater.class),
            Updater.ADAM,
            values -> hasHiddenLayer(values) ? Updater.ADAMW : Updater.ADAM,
            OptimiserConfig::updater,
            "the optimiser. The default is `adamw` with `head.hidden` on frozen features");
    static final Key<Double> MOMENTUM = KEYS.optional(
            "optimiser.momentum", belowOne(), 0.9, OptimiserConfig::momentum, "for `sgd`, Nesterov momentum");
    static final Key<Double> WEIGHT_DECAY = KEYS.optional(
            "optimiser.weight-decay",
            between(0, 1),
            0.0,
            values -> values.get(UPDATER) == Updater.ADAMW && hasHiddenLayer(values) ? 1.0 : 0.0,
            OptimiserConfig::weightDecay,
            "for `adamw`, the fraction of the weights, times the learning rate, that is subtracted in each step;"
                    + " applies to matrices only. Must be 0 with another optimiser. The default is 1 for `adamw` with"
                    + " `head.hidden` on frozen features");
    static final Key<Schedule> SCHEDULE = KEYS.optional(
            "optimiser.schedule",
            choice(Schedule.class),
            Schedule.CONSTANT,
            OptimiserConfig::schedule,
            "how the learning rate changes over the steps");
    static final Key<Integer> WARM_UP_STEPS = KEYS.optional(
            "optimiser.warm-up-steps",
            whole(0, 1_000_000),
            0,
            OptimiserConfig::warmUpSteps,
            "number of steps in which the learning rate rises from 0; no effect with `constant`; at least 1 with"
                    + " `warm-up` and `inverse-square-root`");
    static final Key<Integer> SCHEDULE_STEPS = KEYS.optional(
            "optimiser.schedule-steps",
            whole(1, 1_000_000),
            1000,
            OptimiserConfig::scheduleSteps,
            "for `cosine`, the number of steps after the warm-up in which the learning rate falls to 0");
    static final Key<Double> CLIP_NORM = KEYS.optional(
            "optimiser.clip-norm",
            between(0, 1_000_000),
            0.0,
            OptimiserConfig::clipNorm,
            "maximum norm of the gradient over all parameters; 0 for no limit");
    static final Key<Double> TOP_RATE = KEYS.optional(
            "optimiser.top-rate",
            aboveZero(1),
            0.1,
            OptimiserConfig::topRate,
            "learning rate of the topmost unfrozen block, as a fraction of the learning rate of the output layer");
    static final Key<Double> LAYER_DECAY = KEYS.optional(
            "optimiser.layer-decay",
            aboveZero(1),
            1.0,
            OptimiserConfig::layerDecay,
            "learning rate of a block, as a fraction of the learning rate of the block above it");
    static final Key<Double> L2_SP = KEYS.optional(
            "optimiser.l2-sp",
            between(0, 1),
            0.0,
            OptimiserConfig::l2Sp,
            "strength of the pull of the unfrozen weights towards the pre-trained ones");

    /** The keys of this record. */
    static final KeyTable<OptimiserConfig> TABLE = KEYS.rule(values -> breaches(
                    values.get(UPDATER), values.get(WEIGHT_DECAY), values.get(SCHEDULE), values.get(WARM_UP_STEPS)))
            .build(values -> new OptimiserConfig(
                    values.get(UPDATER),
                    values.get(MOMENTUM),
                    values.get(WEIGHT_DECAY),
                    values.get(SCHEDULE),
                    values.get(WARM_UP_STEPS),
                    values.get(SCHEDULE_STEPS),
                    values.get(CLIP_NORM),
                    values.get(TOP_RATE),
                    values.get(LAYER_DECAY),
                    values.get(L2_SP)));

    /** Adam at a constant learning rate. */
    public static final OptimiserConfig DEFAULT = TABLE.defaults();

    public OptimiserConfig {
        MOMENTUM.check(momentum);
        WEIGHT_DECAY.check(weightDecay);
        WARM_UP_STEPS.check(warmUpSteps);
        SCHEDULE_STEPS.check(scheduleSteps);
        CLIP_NORM.check(clipNorm);
        TOP_RATE.check(topRate);
        LAYER_DECAY.check(layerDecay);
        L2_SP.check(l2Sp);
        Breach.refuse(breaches(updater, weightDecay, schedule, warmUpSteps));
    }

    /**
     * Returns whether the head has a hidden layer on frozen features. Its many new weights fit the samples in the replay
     * memory closely, and more steps make that worse, unless they decay.
     */
    private static boolean hasHiddenLayer(KeyValues values) {
        return values.get(HeadConfig.HIDDEN) > 0
                && GradientConfig.of(AdaptationConfig.task(values), StrategyConfig.TABLE.from(values))
                        .equals(GradientConfig.FROZEN);
    }

    /** Returns a copy with another learning rate of the topmost block. */
    public OptimiserConfig withTopRate(double other) {
        return TABLE.with(this, TOP_RATE, other);
    }

    private static List<Breach> breaches(Updater updater, double weightDecay, Schedule schedule, int warmUpSteps) {
        List<Breach> breaches = new ArrayList<>();
        if (weightDecay > 0 && updater != Updater.ADAMW) {
            breaches.add(new Breach(
                    WEIGHT_DECAY,
                    "optimiser.weight-decay must be 0 with optimiser.updater " + KeyText.kebab(updater) + ", but is "
                            + weightDecay + "; leave it out or choose adamw"));
        }
        if (warmUpSteps < 1 && (schedule == Schedule.WARM_UP || schedule == Schedule.INVERSE_SQUARE_ROOT)) {
            breaches.add(new Breach(
                    WARM_UP_STEPS,
                    "optimiser.warm-up-steps must be at least 1 with optimiser.schedule " + KeyText.kebab(schedule)
                            + ", but is " + warmUpSteps + "; raise it or choose constant or cosine"));
        }
        return breaches;
    }

    /** The rule by which gradients update the parameters. */
    public enum Updater {
        /** Adam (Kingma and Ba 2015). */
        ADAM,
        /** Adam with decoupled weight decay (Loshchilov and Hutter 2019). */
        ADAMW,
        /** Stochastic gradient descent with Nesterov's momentum (Sutskever et al. 2013). */
        SGD
    }

    /** How the learning rate changes over the steps. */
    public enum Schedule {
        /** Constant learning rate. */
        CONSTANT,
        /** Linear warm-up, then constant. */
        WARM_UP,
        /** Decay to 0 along half a cosine (Loshchilov and Hutter 2017), after an optional warm-up. */
        COSINE,
        /** Linear warm-up, then decay with the inverse square root of the step number (Vaswani et al. 2017). */
        INVERSE_SQUARE_ROOT
    }
}
