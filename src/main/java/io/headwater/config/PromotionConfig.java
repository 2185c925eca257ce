package io.headwater.config;

import static io.headwater.config.key.NumberTypes.aboveZero;
import static io.headwater.config.key.NumberTypes.belowOne;
import static io.headwater.config.key.NumberTypes.between;
import static io.headwater.config.key.NumberTypes.whole;

import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;

/**
 * The rule by which a challenger becomes champion.
 *
 * @param minimumSamples number of samples to compare before the gate decides, 1 to 100000
 * @param margin accuracy by which the challenger may be worse than the champion on the same samples, 0 to 1
 * @param anchorDrop accuracy by which the challenger may be worse than the best champion so far on the anchor set, 0 to
 *     1
 * @param errorLevel expected fraction of decisions of a race that may be wrong, above 0 and at most 0.5
 * @param smallestEffect difference of mean scores that is not yet worth a change, 0 to below 1
 */
public record PromotionConfig(
        int minimumSamples, double margin, double anchorDrop, double errorLevel, double smallestEffect) {
    private static final double ERROR_LEVEL_DEFAULT = 0.05;
    private static final KeyTableBuilder<PromotionConfig> KEYS = KeyTable.builder();

    static final Key<Integer> MINIMUM_SAMPLES = KEYS.optional(
            "promotion.minimum-samples",
            whole(1, 100_000),
            8,
            PromotionConfig::minimumSamples,
            "minimum number of samples on which champion and challenger are compared");
    static final Key<Double> MARGIN = KEYS.optional(
            "promotion.margin",
            between(0, 1),
            0.02,
            PromotionConfig::margin,
            "by how much the score of a challenger may be lower than that of the champion on identical samples");
    static final Key<Double> ANCHOR_DROP = KEYS.optional(
            "promotion.anchor-drop",
            between(0, 1),
            0.05,
            PromotionConfig::anchorDrop,
            "by how much the score of a challenger on the anchor set may be lower than that of the best champion");

    static final Key<Double> ERROR_LEVEL = KEYS.optional(
            "promotion.error-level",
            aboveZero(0.5),
            ERROR_LEVEL_DEFAULT,
            PromotionConfig::errorLevel,
            "for closed forms: the expected fraction of wrong decisions among all changes of the leading contender and all"
                    + " rollbacks of a lane");
    static final Key<Double> SMALLEST_EFFECT = KEYS.optional(
            "promotion.smallest-effect",
            belowOne(),
            0.0,
            PromotionConfig::smallestEffect,
            "for closed forms: by how much another contender must be better on average before the change is worth it");

    /** The keys of this record. */
    static final KeyTable<PromotionConfig> TABLE = KEYS.build(values -> new PromotionConfig(
            values.get(MINIMUM_SAMPLES),
            values.get(MARGIN),
            values.get(ANCHOR_DROP),
            values.get(ERROR_LEVEL),
            values.get(SMALLEST_EFFECT)));

    /** 8 samples, a margin of 2 percentage points and an anchor drop of 5 percentage points. */
    public static final PromotionConfig DEFAULT = TABLE.defaults();

    /**
     * Returns the half of the error level that changes of the leading contender share, and that rollbacks share as well.
     */
    public double errorShare() {
        return errorLevel / 2;
    }

    /** Creates a rule with the default error level and smallest effect. */
    public PromotionConfig(int minimumSamples, double margin, double anchorDrop) {
        this(minimumSamples, margin, anchorDrop, ERROR_LEVEL_DEFAULT, 0);
    }

    public PromotionConfig {
        MINIMUM_SAMPLES.check(minimumSamples);
        MARGIN.check(margin);
        ANCHOR_DROP.check(anchorDrop);
        ERROR_LEVEL.check(errorLevel);
        SMALLEST_EFFECT.check(smallestEffect);
    }
}
