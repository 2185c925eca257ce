package io.headwater.adapt;

import io.headwater.config.PromotionConfig;
import java.util.Locale;

/**
 * Decides whether a challenger becomes champion: better than the champion on identical samples, or not worse by more than
 * a margin, and the anchor set not forgotten.
 */
public final class Gate {
    /** Scores are means of few numbers: differences below this are rounding. */
    private static final double EPSILON = 1e-9;

    private Gate() {}

    /**
     * The verdict on a challenger of a lane that has a champion.
     *
     * @param score what the scores are called
     */
    public static Verdict decide(
            PromotionConfig rules, String score, boolean held, Comparison compared, AnchorScores anchors) {
        if (held) {
            return rejected("the lane is held since a person rolled it back; 'promote' lets the gate decide again");
        }
        if (compared.samples() < rules.minimumSamples()) {
            return rejected("compared on %d samples, at least %d are needed"
                    .formatted(compared.samples(), rules.minimumSamples()));
        }
        String scores = "%s %s against the champion's %s on %d identical samples"
                .formatted(score, percent(compared.challenger()), percent(compared.champion()), compared.samples());
        if (compared.challenger() < compared.champion() - rules.margin() - EPSILON) {
            return rejected(scores + ", more than the margin of %s below".formatted(percent(rules.margin())));
        }
        if (anchors.samples() > 0 && anchors.challenger() < anchors.reference() - rules.anchorDrop() - EPSILON) {
            return rejected("anchor %s %s on %d samples, more than the allowed %s below %s"
                    .formatted(
                            score,
                            percent(anchors.challenger()),
                            anchors.samples(),
                            percent(rules.anchorDrop()),
                            percent(anchors.reference())));
        }
        return new Verdict(true, scores);
    }

    /** The verdict on the first version of a lane that nothing serves yet. */
    public static Verdict first() {
        return new Verdict(true, "the first version of the lane");
    }

    private static Verdict rejected(String reason) {
        return new Verdict(false, reason);
    }

    private static String percent(double fraction) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * fraction);
    }
}
