package io.headwater.config;

import static io.headwater.config.key.NumberTypes.whole;

import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import io.headwater.config.key.KeyValues;

/**
 * Settings of the replay buffer.
 *
 * @param capacity number of samples in the buffer, stored as features, 0 to 100000; 0 for no buffer
 * @param perStep number of samples from the buffer that are added to the new samples of a step, 0 to 4096
 */
public record ReplayConfig(int capacity, int perStep) {
    private static final KeyTableBuilder<ReplayConfig> KEYS = KeyTable.builder();

    static final Key<Integer> CAPACITY = KEYS.optional(
            "replay.capacity",
            whole(0, 100_000),
            2000,
            values -> usual(values).capacity(),
            ReplayConfig::capacity,
            "maximum number of samples in the replay memory; 0 for no replay. The default is 500 with a strategy"
                    + " other than linear-probe and with the tasks token-classification and automatic-speech-recognition, and 50"
                    + " with question-answering, because features are larger, see [models.md](models.md#memory). With"
                    + " reinforcement-learning it is 10000");
    static final Key<Integer> PER_STEP = KEYS.optional(
            "replay.per-step",
            whole(0, 4096),
            112,
            values -> usual(values).perStep(),
            ReplayConfig::perStep,
            "samples from the replay memory that are added to each step. The default is 16 with a strategy other than"
                    + " linear-probe and with the tasks token-classification and automatic-speech-recognition, 8 with"
                    + " question-answering, and 64 with reinforcement-learning");

    /** The keys of this record. */
    static final KeyTable<ReplayConfig> TABLE =
            KEYS.build(values -> new ReplayConfig(values.get(CAPACITY), values.get(PER_STEP)));

    /** 2,000 samples, 112 per step: seven for each new sample. */
    public static final ReplayConfig DEFAULT = TABLE.defaults();

    /**
     * 500 samples, 16 per step: the inputs of an unfrozen top are far larger than feature vectors, and a step costs far
     * more.
     */
    public static final ReplayConfig UNFROZEN = new ReplayConfig(500, 16);

    /** 50 contexts, 8 per step: each has features of hundreds of tokens. */
    public static final ReplayConfig CONTEXTS = new ReplayConfig(50, 8);

    /** 10,000 transitions, 64 per step: consecutive transitions are strongly correlated (Lin 1992). */
    public static final ReplayConfig TRANSITIONS = new ReplayConfig(10_000, 64);

    public ReplayConfig {
        CAPACITY.check(capacity);
        PER_STEP.check(perStep);
    }

    /** Returns the default for {@code task} with {@code strategy}. */
    public static ReplayConfig of(TaskKind task, StrategyConfig strategy) {
        if (task == TaskKind.REINFORCEMENT_LEARNING) {
            return TRANSITIONS;
        }
        if (task == TaskKind.QUESTION_ANSWERING) {
            return CONTEXTS;
        }
        return strategy.unfreezes() || task.saysOfEveryToken() ? UNFROZEN : DEFAULT;
    }

    private static ReplayConfig usual(KeyValues values) {
        return of(AdaptationConfig.task(values), StrategyConfig.TABLE.from(values));
    }
}
