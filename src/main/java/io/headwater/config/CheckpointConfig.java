package io.headwater.config;

import static io.headwater.config.key.NumberTypes.whole;
import static io.headwater.config.key.UnitTypes.duration;

import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import io.headwater.config.key.KeyValues;
import java.time.Duration;

/**
 * When a version is published: after a number of steps or after an interval, whichever comes first.
 *
 * @param steps number of steps of a partition after which versions are published, or up to four for each lane if there are as many lanes
 *     or more; 1 to 1000000
 * @param interval time after which unpublished training is published, 1 ms to 24 h; longer while that takes much of the time
 * @param linger time for which an incomplete step waits for more samples before it is taken, 0 to 24 h
 */
public record CheckpointConfig(int steps, Duration interval, Duration linger) {
    private static final KeyTableBuilder<CheckpointConfig> KEYS = KeyTable.builder();

    static final Key<Integer> STEPS = KEYS.optional(
            "checkpoint.steps",
            whole(1, 1_000_000),
            50,
            values -> usual(values).steps(),
            CheckpointConfig::steps,
            "number of steps of a partition after which versions are published; with as many lanes or more, up to four"
                    + " steps for each lane that has samples. The default is 200 with a strategy"
                    + " other than linear-probe, with tasks that predict something per token or frame, and with"
                    + " reinforcement-learning");
    static final Key<Duration> INTERVAL = KEYS.optional(
            "checkpoint.interval",
            duration(Duration.ofMillis(1)),
            Duration.ofMillis(500),
            values -> usual(values).interval(),
            CheckpointConfig::interval,
            "time after which a trained step is published; longer, up to 2s, while publishing many lanes takes much of"
                    + " the time. The default is 30s with a strategy other than"
                    + " linear-probe and with tasks that predict something per token or frame, and 5s with"
                    + " reinforcement-learning");
    static final Key<Duration> LINGER = KEYS.optional(
            "checkpoint.linger",
            duration(Duration.ZERO),
            Duration.ofMillis(100),
            CheckpointConfig::linger,
            "time after which an incomplete step is run with the samples that have arrived");

    /** The longest interval and linger. */
    public static final Duration NEVER = Duration.ofHours(24);

    /** The keys of this record. */
    static final KeyTable<CheckpointConfig> TABLE =
            KEYS.build(values -> new CheckpointConfig(values.get(STEPS), values.get(INTERVAL), values.get(LINGER)));

    /** 50 steps, an interval of 500 ms and a linger of 100 ms. */
    public static final CheckpointConfig DEFAULT = TABLE.defaults();

    /** 200 steps, 30 s, 100 ms: a version with an unfrozen top is far larger. */
    public static final CheckpointConfig UNFROZEN =
            new CheckpointConfig(200, Duration.ofSeconds(30), Duration.ofMillis(100));

    /** 200 steps, 5 s, 100 ms: a checkpoint contains the replayed transitions, but actors need new versions soon. */
    public static final CheckpointConfig TRANSITIONS =
            new CheckpointConfig(200, Duration.ofSeconds(5), Duration.ofMillis(100));

    public CheckpointConfig {
        STEPS.check(steps);
        INTERVAL.check(interval);
        LINGER.check(linger);
    }

    /** Returns the default for {@code task} with {@code strategy}. */
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
