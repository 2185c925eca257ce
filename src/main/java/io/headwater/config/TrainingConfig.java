package io.headwater.config;

import static io.headwater.config.key.NumberTypes.aboveZero;
import static io.headwater.config.key.NumberTypes.belowOne;
import static io.headwater.config.key.NumberTypes.whole;
import static io.headwater.config.key.NumberTypes.wholeOtherThanZero;
import static io.headwater.config.key.TextTypes.choice;

import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;

/**
 * Settings of a training step.
 *
 * @param batchSize number of new samples per step, 1 to 4096
 * @param learningRate learning rate of the optimiser, above 0 and at most 1
 * @param labelSmoothing fraction of the target probability that is spread over all classes, 0 to below 1 (Szegedy et
 *     al. 2016)
 * @param classWeights weights of the classes in the loss
 * @param seed seed of all random numbers; not 0
 */
public record TrainingConfig(
        int batchSize, double learningRate, double labelSmoothing, ClassWeights classWeights, long seed) {
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
            "`balanced`: samples of rare classes have a larger weight in the loss");
    static final Key<Long> SEED = KEYS.optional(
            "training.seed", wholeOtherThanZero(), 1L, TrainingConfig::seed, "seed of all random numbers");

    /** The keys of this record. */
    static final KeyTable<TrainingConfig> TABLE = KEYS.build(values -> new TrainingConfig(
            values.get(BATCH_SIZE),
            values.get(LEARNING_RATE),
            values.get(LABEL_SMOOTHING),
            values.get(CLASS_WEIGHTS),
            values.get(SEED)));

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

    /** Returns the default for {@code task}. */
    public static TrainingConfig of(TaskKind task) {
        return task == TaskKind.REGRESSION ? NUMBERS : DEFAULT;
    }

    /** Weights of the classes in the loss. */
    public enum ClassWeights {
        /** All samples have the same weight. */
        NONE,
        /**
         * Rare classes have a higher weight: weight = samples / (classes × samples of the class), from all samples so
         * far.
         */
        BALANCED
    }
}
