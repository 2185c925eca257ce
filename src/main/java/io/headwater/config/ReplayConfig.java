package io.headwater.config;

/**
 * What is remembered.
 *
 * @param capacity features kept, 0 to 100000; 0 for none
 * @param perStep remembered features that join the new samples of a step, 0 to 4096
 */
public record ReplayConfig(int capacity, int perStep) {
    public ReplayConfig {
        AdaptationKeys.CAPACITY.check(capacity);
        AdaptationKeys.PER_STEP.check(perStep);
    }

    /** 2,000 features, 112 a step: seven remembered for each new one. */
    public static final ReplayConfig DEFAULT = new ReplayConfig(2000, 112);

    /** 500 features, 16 a step: what an unfrozen top reads is larger by far, and so is the work of a step. */
    public static final ReplayConfig UNFROZEN = new ReplayConfig(500, 16);

    /** 50 contexts, 8 a step: each has features of hundreds of tokens. */
    public static final ReplayConfig CONTEXTS = new ReplayConfig(50, 8);

    /** 10,000 transitions, 64 a step: the newest ones are much alike (Lin 1992). */
    public static final ReplayConfig TRANSITIONS = new ReplayConfig(10_000, 64);

    /** The default of {@code task} with {@code strategy}. */
    public static ReplayConfig of(TaskKind task, StrategyConfig strategy) {
        if (task == TaskKind.REINFORCEMENT_LEARNING) {
            return TRANSITIONS;
        }
        if (task == TaskKind.QUESTION_ANSWERING) {
            return CONTEXTS;
        }
        return strategy.unfreezes() || task.saysOfEveryToken() ? UNFROZEN : DEFAULT;
    }
}
