package io.headwater.config;

import static io.headwater.config.key.NumberTypes.belowOne;
import static io.headwater.config.key.NumberTypes.between;

import io.headwater.config.key.Breach;
import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What predictions say about their uncertainty.
 *
 * @param coverage the fraction of prediction sets and intervals that should contain the truth, 0 to below 1; 0 for
 *     predictions without them
 * @param abstainCost what it costs not to answer, 0 to 1e9. For classes and tags: in units of the cost of a wrong answer,
 *     at most 1. For numbers: in units of the number. Null when every request is answered
 */
public record UncertaintyConfig(double coverage, @Nullable Double abstainCost) {
    private static final KeyTableBuilder<UncertaintyConfig> KEYS = KeyTable.builder();

    static final Key<Double> COVERAGE = KEYS.optional(
            "uncertainty.coverage",
            belowOne(),
            0.9,
            UncertaintyConfig::coverage,
            "fraction of [prediction sets and intervals](continual.md#uncertainty) that should contain the truth. 0 for"
                    + " predictions without them");
    static final Key<Double> ABSTAIN_COST = KEYS.withoutDefault(
            "uncertainty.abstain-cost",
            between(0, 1e9),
            values -> Optional.empty(),
            UncertaintyConfig::abstainCost,
            "what it costs not to answer. For classes and tags, as a fraction of the cost of a wrong answer, at most 1: a"
                    + " prediction abstains when it is wrong with a higher probability. For numbers, in units of the number:"
                    + " a prediction abstains when half of its widest interval is larger. Without it, no prediction"
                    + " abstains");

    /** The keys of this record. */
    static final KeyTable<UncertaintyConfig> TABLE = KEYS.build(values -> new UncertaintyConfig(
            values.get(COVERAGE), values.find(ABSTAIN_COST).orElse(null)));

    /** A coverage of 90 %; every request is answered. */
    public static final UncertaintyConfig DEFAULT = TABLE.defaults();

    public UncertaintyConfig {
        COVERAGE.check(coverage);
        if (abstainCost != null) {
            ABSTAIN_COST.check(abstainCost);
        }
    }

    /** Returns what {@code task} does not allow. */
    List<Breach> breaches(TaskKind task) {
        if (abstainCost == null) {
            return List.of();
        }
        if (!task.hasRegions()) {
            return List.of(new Breach(
                    ABSTAIN_COST,
                    "uncertainty.abstain-cost must be left out with task " + task.key()
                            + ", whose predictions have no probability as a whole; leave it out"));
        }
        return task != TaskKind.REGRESSION && abstainCost > 1
                ? List.of(new Breach(
                        ABSTAIN_COST,
                        "uncertainty.abstain-cost must be at most 1 with task " + task.key()
                                + ", the cost of a wrong answer, but is " + abstainCost + "; lower it or leave it out"))
                : List.of();
    }
}
