package io.headwater.config.ask;

import static io.headwater.config.key.NumberTypes.aboveZero;
import static io.headwater.config.key.NumberTypes.between;
import static io.headwater.config.key.NumberTypes.whole;
import static io.headwater.config.key.TextTypes.choice;

import io.headwater.config.key.Breach;
import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import java.util.List;

/**
 * How many requests of a lane people should label, and which. Without a share and a limit per day, nobody is asked.
 *
 * @param strategy what decides which requests are worth a label
 * @param share the share of the requests that is chosen in the long run, 0 to 1; 0 for what {@code perDay} allows
 * @param perDay the most requests that are chosen on a day (UTC), 0 to 1000000; 0 for no limit
 * @param floor the part of the budget that is spent at random, above 0 and up to 1
 */
public record AsksConfig(Strategy strategy, double share, int perDay, double floor) {
    private static final double USUAL_FLOOR = 0.2;
    private static final KeyTableBuilder<AsksConfig> KEYS = KeyTable.builder();

    /** What makes the label of a request worth a person's time. */
    public enum Strategy {
        /** Nothing: every request is as good as any other. */
        RANDOM,
        /** The two most probable classes are about equally probable. */
        MARGIN,
        /** The probability is spread over many classes. */
        ENTROPY,
        /** The request is like many others. */
        DENSITY,
        /** The request is like many others, and its two most probable classes are about equally probable. */
        MARGIN_DENSITY,
        /** The contenders of the lane disagree. */
        DISAGREEMENT;

        /** Returns whether it reads the probabilities of a prediction. */
        public boolean readsProbabilities() {
            return this != RANDOM && this != DENSITY;
        }
    }

    static final Key<Strategy> STRATEGY = KEYS.optional(
            "asks.strategy",
            choice(Strategy.class),
            Strategy.ENTROPY,
            AsksConfig::strategy,
            "which requests [people should label](labels.md#a-budget-for-labels). `margin`: those whose two most"
                    + " probable classes are about equally probable; `entropy`: those whose probability is spread over"
                    + " many classes; `density`: those that are like many others; `margin-density`: both; `disagreement`:"
                    + " those on which the contenders of the lane disagree, for classes and heads in closed form;"
                    + " `random`: any");
    static final Key<Double> SHARE = KEYS.optional(
            "asks.share",
            between(0, 1),
            0.0,
            AsksConfig::share,
            "share of the requests of each lane that is chosen in the long run. 0 for what `asks.per-day` allows; if"
                    + " that is 0 too, nobody is asked");
    static final Key<Integer> PER_DAY = KEYS.optional(
            "asks.per-day",
            whole(0, 1_000_000),
            0,
            AsksConfig::perDay,
            "the most requests of each lane that are chosen on a day, which begins at midnight UTC; 0 for no limit");
    static final Key<Double> FLOOR = KEYS.optional(
            "asks.floor",
            aboveZero(1),
            USUAL_FLOOR,
            AsksConfig::floor,
            "part of the budget that is spent at random, so that each request may be chosen and estimates from the"
                    + " labels can be weighted back to all requests");

    /** The keys of this record. */
    public static final KeyTable<AsksConfig> TABLE = KEYS.build(
            values -> new AsksConfig(values.get(STRATEGY), values.get(SHARE), values.get(PER_DAY), values.get(FLOOR)));

    /** Nobody is asked. */
    public static final AsksConfig DEFAULT = TABLE.defaults();

    public AsksConfig {
        SHARE.check(share);
        PER_DAY.check(perDay);
        FLOOR.check(floor);
    }

    /** Returns whether anybody is asked. */
    public boolean isOn() {
        return share > 0 || perDay > 0;
    }

    /**
     * Returns what a task does not allow.
     *
     * @param task its name in configuration files
     * @param hasProbabilities whether its predictions have probabilities
     * @param hasContenders whether its lanes have several contenders that choose one class
     */
    public List<Breach> breaches(String task, boolean hasProbabilities, boolean hasContenders) {
        if (isOn() && strategy.readsProbabilities() && !hasProbabilities) {
            return List.of(breach("asks.strategy must be random or density with task " + task
                    + ", whose predictions have no probabilities, but is "));
        }
        return isOn() && strategy == Strategy.DISAGREEMENT && !hasContenders
                ? List.of(breach(
                        "asks.strategy must be another one with task " + task + " and this head, whose lanes do not"
                                + " have several contenders in closed form that choose one class, but is "))
                : List.of();
    }

    private Breach breach(String rule) {
        return new Breach(STRATEGY, rule + STRATEGY.type().written(strategy) + "; set it");
    }
}
