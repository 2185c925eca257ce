package io.headwater.config;

/**
 * What must not be forgotten: samples of the lane's first domain that are scored and never trained on.
 *
 * @param samples kept, 0 to 100000; 0 for none, and then lanes that start from a source take its weights alone, not
 *     its memory
 * @param every n-th sample of a lane without a source is kept, until there are enough; 2 to 1000
 */
public record AnchorConfig(int samples, int every) {
    public AnchorConfig {
        AdaptationKeys.SAMPLES.check(samples);
        AdaptationKeys.EVERY.check(every);
    }

    /** 64 samples, each eighth. */
    public static final AnchorConfig DEFAULT = new AnchorConfig(64, 8);

    /** None. */
    public static final AnchorConfig NONE = new AnchorConfig(0, 8);

    /** The default of {@code task}: none where what is right changes with what is learned. */
    public static AnchorConfig of(TaskKind task, ReinforcementConfig reinforcement) {
        return task == TaskKind.REINFORCEMENT_LEARNING
                        && reinforcement.algorithm() == ReinforcementConfig.Algorithm.DOUBLE_DQN
                ? NONE
                : DEFAULT;
    }
}
