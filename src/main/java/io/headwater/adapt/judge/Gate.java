package io.headwater.adapt.judge;

import io.headwater.config.PromotionConfig;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Decides whether a challenger becomes champion: on the same samples it must be better than the champion, or not worse
 * by more than a margin, and it must not have forgotten the anchor set.
 */
public final class Gate {
    /** Differences between mean scores below this value are rounding errors. */
    private static final double EPSILON = 1e-9;

    private Gate() {}

    /**
     * Returns the verdict on a challenger of a lane that has a champion. Rules that are cheap to evaluate come first.
     *
     * @param score the name of the score, for the reason
     * @param held whether a person has rolled the lane back
     * @param recent mean scores of both on the newest samples
     * @param heldOut computes the mean scores of both on the held-out samples; called only when every other rule allows
     *     the promotion
     */
    public static Verdict decide(
            PromotionConfig rules, String score, boolean held, ScorePair recent, Supplier<ScorePair> heldOut) {
        if (held) {
            return held(recent);
        }
        if (recent.samples() < rules.minimumSamples()) {
            return rejected(
                    "compared on %d samples, at least %d are needed"
                            .formatted(recent.samples(), rules.minimumSamples()),
                    recent);
        }
        String scores = "%s %s against the champion's %s on %d identical samples"
                .formatted(score, percent(recent.challenger()), percent(recent.champion()), recent.samples());
        if (recent.challenger() < recent.champion() - rules.margin() - EPSILON) {
            return rejected(scores + ", more than the margin of %s below".formatted(percent(rules.margin())), recent);
        }
        ScorePair kept = heldOut.get();
        if (kept.samples() > 0 && kept.challenger() < kept.champion() - rules.anchorDrop() - EPSILON) {
            String reason = "anchor %s %s on %d samples, more than the allowed %s below %s"
                    .formatted(
                            score,
                            percent(kept.challenger()),
                            kept.samples(),
                            percent(rules.anchorDrop()),
                            percent(kept.champion()));
            return new Verdict(false, reason, recent, kept);
        }
        return new Verdict(true, scores, recent, kept);
    }

    /** Returns the verdict on the first version of a lane without a champion. */
    public static Verdict first() {
        return new Verdict(true, "the first version of the lane", ScorePair.NONE, ScorePair.NONE);
    }

    /** Returns the verdict on a version of a lane that a person holds. */
    public static Verdict held(ScorePair recent) {
        return rejected(
                "the lane is held since a person rolled it back or pinned a version; 'promote' and 'unpin' end this",
                recent);
    }

    private static Verdict rejected(String reason, ScorePair recent) {
        return new Verdict(false, reason, recent, ScorePair.NONE);
    }

    private static String percent(double fraction) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * fraction);
    }
}
