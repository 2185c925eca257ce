package io.headwater.config;

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
 */
public record PromotionConfig(int minimumSamples, double margin, double anchorDrop) {
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

    /** The keys of this record. */
    static final KeyTable<PromotionConfig> TABLE = KEYS.build(
            values -> new PromotionConfig(values.get(MINIMUM_SAMPLES), values.get(MARGIN), values.get(ANCHOR_DROP)));

    /** 8 samples, a margin of 2 percentage points and an anchor drop of 5 percentage points. */
    public static final PromotionConfig DEFAULT = TABLE.defaults();

    public PromotionConfig {
        MINIMUM_SAMPLES.check(minimumSamples);
        MARGIN.check(margin);
        ANCHOR_DROP.check(anchorDrop);
    }
}
