package io.headwater.config;

import static io.headwater.config.key.NumberTypes.aboveZero;
import static io.headwater.config.key.NumberTypes.belowOne;
import static io.headwater.config.key.NumberTypes.whole;
import static io.headwater.config.key.TextTypes.choice;

import io.headwater.config.HeadConfig.Learns;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.key.Breach;
import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import io.headwater.config.key.KeyText;
import java.util.List;

/**
 * When a version serves.
 *
 * @param mode what must be proved before a version serves
 * @param errorLevel expected fraction of decisions of a lane that may be wrong, above 0 and at most 0.5
 * @param smallestEffect difference of mean scores that is not yet worth a change, 0 to below 1
 * @param stalledAfter number of samples without a promotion after which a lane whose newest weights are better reports
 *     it, 64 to 1000000
 * @param newDomains which version answers for a domain that has none of its own
 */
public record PromotionConfig(
        Mode mode, double errorLevel, double smallestEffect, int stalledAfter, NewDomains newDomains) {
    private static final int STALLED_AFTER_DEFAULT = 2000;
    private static final KeyTableBuilder<PromotionConfig> KEYS = KeyTable.builder();

    static final Key<Mode> MODE = KEYS.optional(
            "promotion.mode",
            choice(Mode.class),
            Mode.RULE,
            PromotionConfig::mode,
            "`rule`: the newest version serves at once, unless promotions are suspended or the guard set speaks against it, and"
                    + " a version that proves to be worse than the one before is rolled back. `version`: a version serves only"
                    + " after it has proved on later samples that it is better than the one that serves. See"
                    + " [continual.md](continual.md#what-serves)");
    static final Key<Double> ERROR_LEVEL = KEYS.optional(
            "promotion.error-level",
            aboveZero(0.5),
            0.05,
            PromotionConfig::errorLevel,
            "the expected fraction of wrong decisions among all changes of the leading contender, promotions of"
                    + " `promotion.mode: version`, and rollbacks of a lane");
    static final Key<Double> SMALLEST_EFFECT = KEYS.optional(
            "promotion.smallest-effect",
            belowOne(),
            0.0,
            PromotionConfig::smallestEffect,
            "by how much another contender, or a version with `promotion.mode: version`, must be better on average before the"
                    + " change is worth it");

    static final Key<Integer> STALLED_AFTER = KEYS.optional(
            "promotion.stalled-after",
            whole(64, 1_000_000),
            STALLED_AFTER_DEFAULT,
            PromotionConfig::stalledAfter,
            "after how many samples without a promotion a lane reports that its newest weights are better than the serving"
                    + " version, if they are");

    static final Key<NewDomains> NEW_DOMAINS = KEYS.optional(
            "promotion.new-domains",
            choice(NewDomains.class),
            NewDomains.SOURCE,
            PromotionConfig::newDomains,
            "which version answers for a domain that has none of its own yet. `source`: that of the `source`; without one, the"
                    + " request becomes a dead letter. `nearest`: that of the lane whose samples had the most similar features,"
                    + " see [labels.md](labels.md#a-domain-without-any-label). For heads in closed form");

    /** The keys of this record. */
    static final KeyTable<PromotionConfig> TABLE = KEYS.build(values -> new PromotionConfig(
            values.get(MODE),
            values.get(ERROR_LEVEL),
            values.get(SMALLEST_EFFECT),
            values.get(STALLED_AFTER),
            values.get(NEW_DOMAINS)));

    /** The newest version serves, an error level of 5 % and every effect is worth a change. */
    public static final PromotionConfig DEFAULT = TABLE.defaults();

    /** Creates a rule with the usual report of lanes that do not promote. */
    public PromotionConfig(Mode mode, double errorLevel, double smallestEffect) {
        this(mode, errorLevel, smallestEffect, STALLED_AFTER_DEFAULT, NewDomains.SOURCE);
    }

    public PromotionConfig {
        ERROR_LEVEL.check(errorLevel);
        SMALLEST_EFFECT.check(smallestEffect);
        STALLED_AFTER.check(stalledAfter);
    }

    /**
     * Returns the half of the error level that promotions, or changes of the leading contender, share, and that rollbacks
     * share as well.
     */
    public double errorShare() {
        return errorLevel / 2;
    }

    /** Returns a copy with another number of samples after which a lane reports that it has not promoted. */
    public PromotionConfig withStalledAfter(int other) {
        return TABLE.with(this, STALLED_AFTER, other);
    }

    /** Returns a copy with another choice of what answers for new domains. */
    public PromotionConfig withNewDomains(NewDomains other) {
        return TABLE.with(this, NEW_DOMAINS, other);
    }

    /** Returns the violations of what {@link NewDomains#NEAREST} needs. */
    static List<Breach> breaches(NewDomains newDomains, int hidden, Learns learns, Strategy strategy) {
        boolean possible = hidden == 0 && learns != Learns.GRADIENT && strategy == Strategy.LINEAR_PROBE;
        return newDomains == NewDomains.SOURCE || possible
                ? List.of()
                : List.of(new Breach(
                        NEW_DOMAINS,
                        "promotion.new-domains must be source where heads are not computed in closed form, as with head.hidden"
                                + " %d, head.learns %s and strategy %s, but is nearest; leave it out"
                                        .formatted(hidden, KeyText.kebab(learns), KeyText.kebab(strategy))));
    }

    /** Which version answers for a domain that has none of its own. */
    public enum NewDomains {
        /** That of the configured source. */
        SOURCE,
        /** That of the lane whose samples had the most similar features, and else that of the source. */
        NEAREST
    }

    /** What must be proved before a version serves. */
    public enum Mode {
        /** Nothing: the newest version serves, and is watched. */
        RULE,
        /** That the version is better than the one that serves, on samples after it was published. */
        VERSION
    }
}
