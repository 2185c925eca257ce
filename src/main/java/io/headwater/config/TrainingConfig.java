package io.headwater.config;

import static io.headwater.config.key.NumberTypes.aboveZero;
import static io.headwater.config.key.NumberTypes.belowOne;
import static io.headwater.config.key.NumberTypes.between;
import static io.headwater.config.key.NumberTypes.whole;
import static io.headwater.config.key.NumberTypes.wholeOtherThanZero;
import static io.headwater.config.key.TextTypes.choice;

import io.headwater.config.HeadConfig.Learns;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.key.Breach;
import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import io.headwater.config.key.KeyText;
import io.headwater.config.key.KeyValues;
import java.util.List;
import java.util.Locale;

/**
 * Settings of a training step.
 *
 * @param batchSize number of new samples per step, 1 to 4096
 * @param learningRate learning rate of the optimiser, above 0 and at most 1
 * @param labelSmoothing fraction of the target probability that is spread over all classes, 0 to below 1 (Szegedy et
 *     al. 2016)
 * @param classWeights weights of the classes in the loss
 * @param seed seed of all random numbers; not 0
 * @param unlabelled what samples without a label are used for
 * @param gradients how gradients use the samples of a batch
 */
public record TrainingConfig(
        int batchSize,
        double learningRate,
        double labelSmoothing,
        ClassWeights classWeights,
        long seed,
        UnlabelledUse unlabelled,
        GradientConfig gradients) {
    private static final KeyTableBuilder<TrainingConfig> KEYS = KeyTable.builder();

    static final Key<Integer> BATCH_SIZE =
            KEYS.optional("training.batch-size", whole(1, 4096), 16, TrainingConfig::batchSize, "new samples per step");
    static final Key<Double> LEARNING_RATE = KEYS.optional(
            "training.learning-rate",
            aboveZero(1),
            0.003,
            values -> TrainingConfig.of(AdaptationConfig.task(values)).learningRate(),
            TrainingConfig::learningRate,
            "learning rate of the output layer, before any schedule; the blocks of an unfrozen top use this rate"
                    + " times `optimiser.top-rate`. The default for `regression` is 0.02");
    static final Key<Double> LABEL_SMOOTHING = KEYS.optional(
            "training.label-smoothing",
            belowOne(),
            0.0,
            TrainingConfig::labelSmoothing,
            "fraction of the target probability that is distributed over all classes");
    static final Key<ClassWeights> CLASS_WEIGHTS = KEYS.optional(
            "training.class-weights",
            choice(ClassWeights.class),
            ClassWeights.NONE,
            TrainingConfig::classWeights,
            "the frequencies of the classes that probabilities of the model assume. `none`: those of the stream;"
                    + " `balanced`: the same for all classes. With gradients, samples of rare classes then have a larger"
                    + " weight in the loss; with closed forms, the logarithms of the frequencies are subtracted from the"
                    + " biases of classes and tags");
    static final Key<Long> SEED = KEYS.optional(
            "training.seed", wholeOtherThanZero(), 1L, TrainingConfig::seed, "seed of all random numbers");

    static final Key<UnlabelledUse> UNLABELLED = KEYS.optional(
            "training.unlabelled",
            choice(UnlabelledUse.class),
            UnlabelledUse.IGNORE,
            TrainingConfig::unlabelled,
            "what [samples without a label](labels.md#samples-without-a-label) are used for. `ignore`: they are counted."
                    + " `align`: for one more contender, whose features are aligned with those that have labels."
                    + " `self-train`: for another one besides, which learns from predicted labels. `propagate`: for a third one,"
                    + " which learns from the labels of similar samples. A lane with a `source`"
                    + " serves the last of these as long as it has no labels of its own; then the contenders are compared."
                    + " For heads in closed form of tasks that choose one class");

    /** The keys of this record. */
    static final KeyTable<TrainingConfig> TABLE = KEYS.group(GradientConfig.TABLE, TrainingConfig::gradients)
            .build(values -> new TrainingConfig(
                    values.get(BATCH_SIZE),
                    values.get(LEARNING_RATE),
                    values.get(LABEL_SMOOTHING),
                    values.get(CLASS_WEIGHTS),
                    values.get(SEED),
                    values.get(UNLABELLED),
                    GradientConfig.TABLE.from(values)));

    /** The default, with 16 new samples per step. */
    public static final TrainingConfig DEFAULT = TABLE.defaults();

    /**
     * The default for numeric outputs, with a higher learning rate: a class is correct as soon as it has the highest
     * probability, but a number is accurate only once the weights have converged.
     */
    public static final TrainingConfig NUMBERS = TABLE.with(DEFAULT, LEARNING_RATE, 0.02);

    public TrainingConfig {
        BATCH_SIZE.check(batchSize);
        LEARNING_RATE.check(learningRate);
        LABEL_SMOOTHING.check(labelSmoothing);
        SEED.check(seed);
    }

    /** Creates settings with {@link GradientConfig#PLAIN}. */
    public TrainingConfig(
            int batchSize, double learningRate, double labelSmoothing, ClassWeights classWeights, long seed) {
        this(batchSize, learningRate, labelSmoothing, classWeights, seed, UnlabelledUse.IGNORE, GradientConfig.PLAIN);
    }

    /** Returns a copy whose gradients use the samples of a batch in another way. */
    public TrainingConfig withGradients(GradientConfig other) {
        return TABLE.with(this, GradientConfig.TABLE, other);
    }

    /** Returns a copy that uses samples without a label for something else. */
    public TrainingConfig withUnlabelled(UnlabelledUse other) {
        return TABLE.with(this, UNLABELLED, other);
    }

    /** Returns the violations of what {@code unlabelled} needs. */
    static List<Breach> breaches(
            UnlabelledUse unlabelled, TaskKind task, int hidden, Learns learns, Strategy strategy) {
        boolean possible = task.choosesOneLabel()
                && task != TaskKind.REINFORCEMENT_LEARNING
                && hidden == 0
                && learns != Learns.GRADIENT
                && strategy == Strategy.LINEAR_PROBE;
        return unlabelled == UnlabelledUse.IGNORE || possible
                ? List.of()
                : List.of(new Breach(
                        UNLABELLED,
                        "training.unlabelled must be ignore where heads are not computed in closed form or do not choose one"
                                + " class, as with task %s, head.hidden %d, head.learns %s and strategy %s, but is %s; leave it out"
                                        .formatted(
                                                task.key(),
                                                hidden,
                                                KeyText.kebab(learns),
                                                KeyText.kebab(strategy),
                                                KeyText.kebab(unlabelled))));
    }

    /** What samples without a label are used for. */
    public enum UnlabelledUse {
        /** For nothing: they are counted. */
        IGNORE,
        /** For a contender that aligns their features with those of samples with labels. */
        ALIGN,
        /** For one more contender, which learns from labels that it has predicted itself. */
        SELF_TRAIN,
        /** For one more contender, which learns from labels that similar samples have. */
        PROPAGATE;

        /** Returns whether labels are predicted for them. */
        public boolean predictsLabels() {
            return this == SELF_TRAIN || this == PROPAGATE;
        }
    }

    /** Returns the default for {@code task}. */
    public static TrainingConfig of(TaskKind task) {
        return task == TaskKind.REGRESSION ? NUMBERS : DEFAULT;
    }

    /** Weights of the classes in the loss. */
    public enum ClassWeights {
        /** Classes count as often as they occur in the stream, however often their samples are replayed. */
        NONE,
        /** All classes that have samples count the same. */
        BALANCED
    }

    /**
     * How heads that are trained by gradients use the samples of a batch. It has no effect on closed forms.
     *
     * @param steps number of optimiser steps for each batch of new samples, 1 to 1000
     * @param featureScaling whether features are scaled
     * @param averagedSteps number of newest steps whose weights are averaged, 0 to 1000000; 0 for no average
     * @param warmStart number of first samples of a lane after which gradients begin, 0 to 100000
     * @param remember what keeps the head from forgetting
     */
    public record GradientConfig(
            int steps, ScalingChoice featureScaling, int averagedSteps, int warmStart, RememberConfig remember) {
        private static final KeyTableBuilder<GradientConfig> KEYS = KeyTable.builder();

        static final Key<Integer> STEPS = KEYS.optional(
                "training.steps",
                whole(1, 1000),
                8,
                values -> usual(values).steps(),
                GradientConfig::steps,
                "optimiser steps for each batch of new samples: the first on the new and on replayed samples, each further"
                        + " one on the new and on other replayed samples. The default is 1 with a strategy other than linear-probe,"
                        + " with `training.scalar-mix` and with reinforcement-learning");
        static final Key<ScalingChoice> FEATURE_SCALING = KEYS.optional(
                "training.feature-scaling",
                choice(ScalingChoice.class),
                ScalingChoice.RUNNING,
                values -> usual(values).featureScaling(),
                GradientConfig::featureScaling,
                "`running`: a head on frozen features is trained on features from which their mean is subtracted and which"
                        + " are divided by their standard deviation, both over all samples so far; published weights contain the"
                        + " scaling. No effect with `head.output-layer: keep`. The default is `none` with a strategy other than"
                        + " linear-probe, with `training.scalar-mix` and with reinforcement-learning, where `running` has no effect"
                        + " except on policies");
        static final Key<Integer> AVERAGED_STEPS = KEYS.optional(
                "training.averaged-steps",
                whole(0, 1_000_000),
                128,
                values -> usual(values).averagedSteps(),
                GradientConfig::averagedSteps,
                "the published weights of a head on frozen features are an average over about this number of newest steps;"
                        + " 0 for the weights of the last step. The default is 0 with a strategy other than linear-probe, with"
                        + " `training.scalar-mix` and with reinforcement-learning, where other values have no effect except on"
                        + " policies");
        static final Key<Integer> WARM_START = KEYS.optional(
                "training.warm-start",
                whole(0, 100_000),
                128,
                GradientConfig::usualWarmStart,
                GradientConfig::warmStart,
                "during this number of first samples of a lane without a source, the weights are computed in closed form,"
                        + " and gradients start from there; 0 for gradients from the first sample on. With an unfrozen top, only the"
                        + " output layer is computed. The samples must fit in the replay memory. No effect with"
                        + " `head.output-layer: keep` and with tasks for which there is no closed form. The default is 0 with"
                        + " reinforcement-learning and with `training.remember: ewc`");

        /** The keys of this record. */
        static final KeyTable<GradientConfig> TABLE = KEYS.group(RememberConfig.TABLE, GradientConfig::remember)
                .build(values -> new GradientConfig(
                        values.get(STEPS),
                        values.get(FEATURE_SCALING),
                        values.get(AVERAGED_STEPS),
                        values.get(WARM_START),
                        RememberConfig.TABLE.from(values)));

        /** One step for each batch, on features as they are, from the first sample on. */
        public static final GradientConfig PLAIN = new GradientConfig(1, ScalingChoice.NONE, 0, 0);

        /** For heads on frozen features, whose steps cost little. */
        public static final GradientConfig FROZEN = TABLE.defaults();

        /** For unfrozen tops, whose steps cost as much as the base model, and which have normalisation layers of their own. */
        public static final GradientConfig UNFROZEN = new GradientConfig(1, ScalingChoice.NONE, 0, 128);

        public GradientConfig {
            STEPS.check(steps);
            AVERAGED_STEPS.check(averagedSteps);
            WARM_START.check(warmStart);
        }

        /** Creates settings with {@link RememberConfig#DEFAULT}. */
        public GradientConfig(int steps, ScalingChoice featureScaling, int averagedSteps, int warmStart) {
            this(steps, featureScaling, averagedSteps, warmStart, RememberConfig.DEFAULT);
        }

        /** Returns a copy that remembers in another way. */
        public GradientConfig withRemember(RememberConfig other) {
            return TABLE.with(this, RememberConfig.TABLE, other);
        }

        /** Returns the default for {@code task} with {@code strategy}. */
        public static GradientConfig of(TaskKind task, StrategyConfig strategy) {
            if (task == TaskKind.REINFORCEMENT_LEARNING) {
                return PLAIN;
            }
            return strategy.unfreezes() || !strategy.top().scalarMix().isEmpty() ? UNFROZEN : FROZEN;
        }

        /** Gradients are small after a closed form, and with them the importance that EWC gives to weights. */
        private static int usualWarmStart(KeyValues values) {
            return values.get(RememberConfig.METHOD) == RememberConfig.Method.EWC
                    ? 0
                    : usual(values).warmStart();
        }

        private static GradientConfig usual(KeyValues values) {
            return of(AdaptationConfig.task(values), StrategyConfig.TABLE.from(values));
        }

        /** Whether features are scaled before a head is trained on them. */
        public enum ScalingChoice {
            /** Features are used as they are. */
            NONE,
            /** By the mean and the standard deviation of each feature over the samples so far. */
            RUNNING
        }
    }

    /**
     * What keeps a head that is trained by gradients from forgetting, besides {@code optimiser.l2-sp}. It has no effect on
     * closed forms, which forget nothing.
     *
     * @param method what is remembered
     * @param strength how much it counts in the loss, 0 to 1000000; without effect on {@link Method#REPLAY}
     */
    public record RememberConfig(Method method, double strength) {
        private static final KeyTableBuilder<RememberConfig> KEYS = KeyTable.builder();

        static final Key<Method> METHOD = KEYS.optional(
                "training.remember",
                choice(Method.class),
                Method.REPLAY,
                RememberConfig::method,
                "what keeps a head that is trained by gradients from forgetting. `replay`: samples in the replay memory;"
                        + " `der`: also the logits that the head computed for them when it had learned them; `lwf`: also the"
                        + " predictions of a former version for all samples of a step; `ewc`: also which weights mattered, and what they"
                        + " were. Must be `replay` with"
                        + " reinforcement-learning. See [continual.md](continual.md#what-a-head-remembers)");
        static final Key<Double> STRENGTH = KEYS.optional(
                "training.remember-strength",
                between(0, 1_000_000),
                0.1,
                values -> usualStrength(values.get(METHOD)),
                RememberConfig::strength,
                "how much differences from what is remembered count in the loss; no effect with `training.remember: replay`."
                        + " The default is 0.3 with `lwf` and 300 with `ewc`");

        /** The keys of this record. */
        static final KeyTable<RememberConfig> TABLE =
                KEYS.build(values -> new RememberConfig(values.get(METHOD), values.get(STRENGTH)));

        /** Replayed samples only. */
        public static final RememberConfig DEFAULT = TABLE.defaults();

        public RememberConfig {
            STRENGTH.check(strength);
        }

        private static double usualStrength(Method method) {
            return switch (method) {
                case REPLAY, DER -> 0.1;
                case LWF -> 0.3;
                case EWC -> 300;
            };
        }

        List<Breach> breaches(TaskKind task) {
            return task == TaskKind.REINFORCEMENT_LEARNING && method != Method.REPLAY
                    ? List.of(new Breach(
                            METHOD,
                            "training.remember must be replay with task reinforcement-learning, whose action values change as"
                                    + " it learns, but is " + method.name().toLowerCase(Locale.ROOT)
                                    + "; leave it out"))
                    : List.of();
        }

        /** What is remembered of former samples. */
        public enum Method {
            /** Samples alone: experience replay (Lin 1992; Chaudhry et al. 2019). */
            REPLAY,
            /** Samples and the logits of the head when it had learned them: DER++ (Buzzega et al. 2020). */
            DER,
            /** Samples and a former version of the head: LwF (Li and Hoiem 2016). */
            LWF,
            /** Samples, and how much each weight matters: EWC (Kirkpatrick et al. 2017; Schwarz et al. 2018). */
            EWC;

            /** Returns whether former logits are recalled in training. */
            public boolean recallsLogits() {
                return this == DER || this == LWF;
            }
        }
    }
}
