package io.headwater.config;

import java.time.Duration;

/**
 * When a version is published: whichever comes first.
 *
 * @param steps after so many steps of a partition, 1 to 1000000
 * @param interval after so long with something learned and not yet published, 1 ms to 24 h
 * @param linger an incomplete step is learned after so long without enough samples for it, 0 to 24 h
 */
public record CheckpointConfig(int steps, Duration interval, Duration linger) {
    public CheckpointConfig {
        AdaptationKeys.STEPS.check(steps);
        AdaptationKeys.INTERVAL.check(interval);
        AdaptationKeys.LINGER.check(linger);
    }

    /** 50 steps, 500 ms, 100 ms. */
    public static final CheckpointConfig DEFAULT =
            new CheckpointConfig(50, Duration.ofMillis(500), Duration.ofMillis(100));

    /** 200 steps, 30 s, 100 ms: a version of an unfrozen top is larger by far. */
    public static final CheckpointConfig UNFROZEN =
            new CheckpointConfig(200, Duration.ofSeconds(30), Duration.ofMillis(100));

    /** 200 steps, 5 s, 100 ms: a version keeps its transitions, and those that play want new ones soon. */
    public static final CheckpointConfig TRANSITIONS =
            new CheckpointConfig(200, Duration.ofSeconds(5), Duration.ofMillis(100));

    /** The default with {@code strategy}. */
    public static CheckpointConfig of(TaskKind task, StrategyConfig strategy) {
        if (task == TaskKind.REINFORCEMENT_LEARNING) {
            return TRANSITIONS;
        }
        return strategy.unfreezes() || task.saysOfEveryToken() ? UNFROZEN : DEFAULT;
    }
}
