package io.headwater.config;

import static io.headwater.config.key.NumberTypes.whole;

import io.headwater.config.ReinforcementConfig.Algorithm;
import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import io.headwater.config.key.KeyValues;

/**
 * The anchor set: samples of the lane's first domain that must not be forgotten. They are scored and never trained on.
 *
 * @param samples size of the anchor set, 0 to 100000. With 0 there is none, and lanes that start from a source take
 *     over only its weights, not its memory
 * @param every n, where every n-th sample of a lane without a source is added until the set is full; 2 to 1000
 */
public record AnchorConfig(int samples, int every) {
    private static final KeyTableBuilder<AnchorConfig> KEYS = KeyTable.builder();

    static final Key<Integer> SAMPLES = KEYS.optional(
            "anchor.samples",
            whole(0, 100_000),
            64,
            values -> usual(values).samples(),
            AnchorConfig::samples,
            "size of the anchor set of heads that are trained by gradients: samples of the source domain that are scored but"
                    + " never trained on. With closed forms, size of the [guard set](continual.md#the-guard-set). 0 for none;"
                    + " lanes that start from a source then take over only its weights, not its replay memory. Must be 0 with"
                    + " `reinforcement.algorithm: double-dqn`, where this is the default");
    static final Key<Integer> EVERY = KEYS.optional(
            "anchor.every",
            whole(2, 1000),
            8,
            AnchorConfig::every,
            "for gradients: every n-th sample of a lane without a source is added to the anchor set until it is full");

    /** The keys of this record. */
    static final KeyTable<AnchorConfig> TABLE =
            KEYS.build(values -> new AnchorConfig(values.get(SAMPLES), values.get(EVERY)));

    /** 64 samples, every eighth sample. */
    public static final AnchorConfig DEFAULT = TABLE.defaults();

    /** No anchor set. */
    public static final AnchorConfig NONE = TABLE.with(DEFAULT, SAMPLES, 0);

    public AnchorConfig {
        SAMPLES.check(samples);
        EVERY.check(every);
    }

    /**
     * Returns the default for {@code task}: no anchor set when the correct output depends on the policy that is being
     * trained.
     */
    public static AnchorConfig of(TaskKind task, ReinforcementConfig reinforcement) {
        return task == TaskKind.REINFORCEMENT_LEARNING && reinforcement.algorithm() == Algorithm.DOUBLE_DQN
                ? NONE
                : DEFAULT;
    }

    private static AnchorConfig usual(KeyValues values) {
        return of(AdaptationConfig.task(values), ReinforcementConfig.TABLE.from(values));
    }
}
