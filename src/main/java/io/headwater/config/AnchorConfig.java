package io.headwater.config;

import static io.headwater.config.key.NumberTypes.whole;

import io.headwater.config.ReinforcementConfig.Algorithm;
import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import io.headwater.config.key.KeyValues;

/**
 * What must not be forgotten: samples of the lane's first domain that are scored and never trained on.
 *
 * @param samples kept, 0 to 100000; 0 for none, and then lanes that start from a source take its weights alone, not
 *     its memory
 * @param every n-th sample of a lane without a source is kept, until there are enough; 2 to 1000
 */
public record AnchorConfig(int samples, int every) {
    private static final KeyTableBuilder<AnchorConfig> KEYS = KeyTable.builder();

    static final Key<Integer> SAMPLES = KEYS.optional(
            "anchor.samples",
            whole(0, 100_000),
            64,
            values -> usual(values).samples(),
            AnchorConfig::samples,
            "size of the anchor set: samples of the source domain that are scored but never trained on. 0 for none;"
                    + " lanes that start from a source then take over only its weights, not its replay memory. Must be 0 with"
                    + " `reinforcement.algorithm: double-dqn`, where this is the default");
    static final Key<Integer> EVERY = KEYS.optional(
            "anchor.every",
            whole(2, 1000),
            8,
            AnchorConfig::every,
            "every n-th sample of a lane without a source is added to the anchor set until it is full");

    /** Its keys. */
    static final KeyTable<AnchorConfig> TABLE =
            KEYS.build(values -> new AnchorConfig(values.get(SAMPLES), values.get(EVERY)));

    /** 64 samples, each eighth. */
    public static final AnchorConfig DEFAULT = TABLE.defaults();

    /** None. */
    public static final AnchorConfig NONE = TABLE.with(DEFAULT, SAMPLES, 0);

    public AnchorConfig {
        SAMPLES.check(samples);
        EVERY.check(every);
    }

    /** The default of {@code task}: none where what is right changes with what is learned. */
    public static AnchorConfig of(TaskKind task, ReinforcementConfig reinforcement) {
        return task == TaskKind.REINFORCEMENT_LEARNING && reinforcement.algorithm() == Algorithm.DOUBLE_DQN
                ? NONE
                : DEFAULT;
    }

    private static AnchorConfig usual(KeyValues values) {
        return of(AdaptationConfig.task(values), ReinforcementConfig.TABLE.from(values));
    }
}
