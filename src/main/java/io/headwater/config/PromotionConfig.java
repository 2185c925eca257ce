package io.headwater.config;

/**
 * When a challenger becomes champion.
 *
 * @param minimumSamples compared before the gate decides, 1 to 100000
 * @param margin accuracy by which it may be worse on identical samples, 0 to 1
 * @param anchorDrop accuracy by which it may fall on the anchor set below the best champion, 0 to 1
 */
public record PromotionConfig(int minimumSamples, double margin, double anchorDrop) {
    public PromotionConfig {
        AdaptationKeys.MINIMUM_SAMPLES.check(minimumSamples);
        AdaptationKeys.MARGIN.check(margin);
        AdaptationKeys.ANCHOR_DROP.check(anchorDrop);
    }

    /** 8 samples, 2 points, 5 points. */
    public static final PromotionConfig DEFAULT = new PromotionConfig(8, 0.02, 0.05);
}
