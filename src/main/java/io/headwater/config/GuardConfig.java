package io.headwater.config;

import static io.headwater.config.key.NumberTypes.whole;

import io.headwater.config.ReinforcementConfig.Algorithm;
import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import io.headwater.config.key.KeyValues;

/**
 * The guard set: samples of every class on which a challenger must not be worse than the champion.
 *
 * @param samples size of the guard set, 0 to 100000; with many classes, each still has two. With 0 there is none, and
 *     lanes that start from a source take over only its weights, not its memory
 * @param every n, where every n-th sample of a class enters the guard set of a lane that is trained by gradients; 2 to
 *     1000
 */
public record GuardConfig(int samples, int every) {
    private static final KeyTableBuilder<GuardConfig> KEYS = KeyTable.builder();

    static final Key<Integer> SAMPLES = KEYS.optional(
            "guard.samples",
            whole(0, 100_000),
            64,
            values -> usual(values).samples(),
            GuardConfig::samples,
            "size of the [guard set](continual.md#the-guard-set), over all classes together; with many classes, each still has"
                    + " two. Heads that are trained by gradients are trained on its samples only after these have left it. 0 for"
                    + " none; lanes that start from a source then take over only its weights, not its replay memory. Must be 0 with"
                    + " `reinforcement.algorithm: double-dqn`, where this is the default");
    static final Key<Integer> EVERY = KEYS.optional(
            "guard.every",
            whole(2, 1000),
            8,
            GuardConfig::every,
            "for gradients: every n-th sample of a class enters the guard set of a lane without a source");

    /** The keys of this record. */
    static final KeyTable<GuardConfig> TABLE =
            KEYS.build(values -> new GuardConfig(values.get(SAMPLES), values.get(EVERY)));

    /** 64 samples, every eighth sample. */
    public static final GuardConfig DEFAULT = TABLE.defaults();

    /** No guard set. */
    public static final GuardConfig NONE = TABLE.with(DEFAULT, SAMPLES, 0);

    public GuardConfig {
        SAMPLES.check(samples);
        EVERY.check(every);
    }

    /**
     * Returns the default for {@code task}: no guard set when the correct output depends on the policy that is being
     * trained.
     */
    public static GuardConfig of(TaskKind task, ReinforcementConfig reinforcement) {
        return task == TaskKind.REINFORCEMENT_LEARNING && reinforcement.algorithm() == Algorithm.DOUBLE_DQN
                ? NONE
                : DEFAULT;
    }

    private static GuardConfig usual(KeyValues values) {
        return of(AdaptationConfig.task(values), ReinforcementConfig.TABLE.from(values));
    }
}
