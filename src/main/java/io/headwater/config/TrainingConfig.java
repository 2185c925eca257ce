package io.headwater.config;

/**
 * How a step learns.
 *
 * @param batchSize new samples a step, 1 to 4096
 * @param learningRate of the optimiser, above 0 and at most 1
 * @param labelSmoothing share of the target spread over all classes, 0 to below 1 (Szegedy et al. 2016)
 * @param classWeights how classes count in the loss
 * @param seed of everything random; not 0
 */
public record TrainingConfig(
        int batchSize, double learningRate, double labelSmoothing, ClassWeights classWeights, long seed) {
    public TrainingConfig {
        AdaptationKeys.BATCH_SIZE.check(batchSize);
        AdaptationKeys.LEARNING_RATE.check(learningRate);
        AdaptationKeys.LABEL_SMOOTHING.check(labelSmoothing);
        AdaptationKeys.SEED.check(seed);
    }

    /** Steps of 16 new samples. */
    public static final TrainingConfig DEFAULT = new TrainingConfig(16, 0.003, 0.0, ClassWeights.NONE, 1);

    /** Larger steps: a number is right only when weights have come all the way, a class as soon as it leads. */
    public static final TrainingConfig NUMBERS = new TrainingConfig(16, 0.02, 0.0, ClassWeights.NONE, 1);

    /** The default of {@code task}. */
    public static TrainingConfig of(TaskKind task) {
        return task == TaskKind.REGRESSION ? NUMBERS : DEFAULT;
    }

    /** How classes count in the loss. */
    public enum ClassWeights {
        /** All samples count alike. */
        NONE,
        /** Rare classes count more: weight = samples / (classes × samples of the class), from all samples so far. */
        BALANCED
    }
}
