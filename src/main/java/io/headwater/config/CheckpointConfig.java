package io.headwater.config;

import static io.headwater.config.key.NumberTypes.whole;
import static io.headwater.config.key.UnitTypes.duration;

import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import io.headwater.config.key.KeyValues;
import java.time.Duration;

/**
 * When a version is published: whichever comes first.
 *
 * @param steps after so many steps of a partition, 1 to 1000000
 * @param interval after so long with something learned and not yet published, 1 ms to 24 h
 * @param linger an incomplete step is learned after so long without enough samples for it, 0 to 24 h
 */
public record CheckpointConfig(int steps, Duration interval, Duration linger) {
    private static final KeyTableBuilder<CheckpointConfig> KEYS = KeyTable.builder();

    static final Key<Integer> STEPS = KEYS.optional(
            "checkpoint.steps",
            whole(1, 1_000_000),
            50,
            values -> usual(values).steps(),
            CheckpointConfig::steps,
            "number of steps of a partition after which versions are published. The default is 200 with a strategy"
                    + " other than linear-probe, with tasks that predict something per token or frame, and with"
                    + " reinforcement-learning");
    static final Key<Duration> INTERVAL = KEYS.optional(
            "checkpoint.interval",
            duration(Duration.ofMillis(1)),
            Duration.ofMillis(500),
            values -> usual(values).interval(),
            CheckpointConfig::interval,
            "maximum time after which a trained step is published. The default is 30s with a strategy other than"
                    + " linear-probe and with tasks that predict something per token or frame, and 5s with"
                    + " reinforcement-learning");
    static final Key<Duration> LINGER = KEYS.optional(
            "checkpoint.linger",
            duration(Duration.ZERO),
            Duration.ofMillis(100),
            CheckpointConfig::linger,
            "time after which an incomplete step is run with the samples that have arrived");

    /** Its keys. */
    static final KeyTable<CheckpointConfig> TABLE =
            KEYS.build(values -> new CheckpointConfig(values.get(STEPS), values.get(INTERVAL), values.get(LINGER)));

    /** 50 steps, 500 ms, 100 ms. */
    public static final CheckpointConfig DEFAULT = TABLE.defaults();

    /** 200 steps, 30 s, 100 ms: a version of an unfrozen top is larger by far. */
    public static final CheckpointConfig UNFROZEN =
            new CheckpointConfig(200, Duration.ofSeconds(30), Duration.ofMillis(100));

    /** 200 steps, 5 s, 100 ms: a version keeps its transitions, and those that play want new ones soon. */
    public static final CheckpointConfig TRANSITIONS =
            new CheckpointConfig(200, Duration.ofSeconds(5), Duration.ofMillis(100));

    public CheckpointConfig {
        STEPS.check(steps);
        INTERVAL.check(interval);
        LINGER.check(linger);
    }

    /** The default of {@code task} with {@code strategy}. */
    public static CheckpointConfig of(TaskKind task, StrategyConfig strategy) {
        if (task == TaskKind.REINFORCEMENT_LEARNING) {
            return TRANSITIONS;
        }
        return strategy.unfreezes() || task.saysOfEveryToken() ? UNFROZEN : DEFAULT;
    }

    private static CheckpointConfig usual(KeyValues values) {
        return of(AdaptationConfig.task(values), StrategyConfig.TABLE.from(values));
    }
}
