package io.headwater.adapt.judge;

import io.headwater.config.PromotionConfig;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Decides whether a challenger becomes champion: better than the champion on identical samples, or not worse by more than
 * a margin, and the anchor set not forgotten.
 */
public final class Gate {
    /** Scores are means of few numbers: differences below this are rounding. */
    private static final double EPSILON = 1e-9;

    private Gate() {}

    /**
     * The verdict on a challenger of a lane that has a champion. Cheap rules come first.
     *
     * @param score the name of the scores in the reason
     * @param held whether a person has rolled the lane back
     * @param recent both on the newest samples
     * @param heldOut scores both on the held-out samples; only asked when every other rule allows the promotion
     */
    public static Verdict decide(
            PromotionConfig rules, String score, boolean held, ScorePair recent, Supplier<ScorePair> heldOut) {
        if (held) {
            return rejected(
                    "the lane is held since a person rolled it back; 'promote' lets the gate decide again", recent);
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

    /** The verdict on the first version of a lane that nothing serves yet. */
    public static Verdict first() {
        return new Verdict(true, "the first version of the lane", ScorePair.NONE, ScorePair.NONE);
    }

    private static Verdict rejected(String reason, ScorePair recent) {
        return new Verdict(false, reason, recent, ScorePair.NONE);
    }

    private static String percent(double fraction) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * fraction);
    }
}
