package io.headwater.adapt;

import io.headwater.config.AdaptationConfig.PromotionConfig;
import java.util.Locale;

/**
 * Decides whether a challenger becomes champion: better than the champion on identical samples, or not worse by more than
 * a margin, and the anchor set not forgotten.
 */
public final class Gate {
    /** Accuracies are fractions of small counts: differences below this are rounding. */
    private static final double EPSILON = 1e-9;

    private Gate() {}

    /** The verdict on a challenger of a lane that has a champion. */
    public static Verdict decide(PromotionConfig rules, boolean held, Comparison compared, AnchorScores anchors) {
        if (held) {
            return rejected("the lane is held since a person rolled it back; 'promote' lets the gate decide again");
        }
        if (compared.samples() < rules.minimumSamples()) {
            return rejected("compared on %d samples, at least %d are needed"
                    .formatted(compared.samples(), rules.minimumSamples()));
        }
        String accuracies = "accuracy %s against the champion's %s on %d identical samples"
                .formatted(
                        percent(compared.challengerAccuracy()),
                        percent(compared.championAccuracy()),
                        compared.samples());
        if (compared.challengerAccuracy() < compared.championAccuracy() - rules.margin() - EPSILON) {
            return rejected(accuracies + ", more than the margin of %s below".formatted(percent(rules.margin())));
        }
        if (anchors.samples() > 0 && anchors.challenger() < anchors.reference() - rules.anchorDrop() - EPSILON) {
            return rejected("anchor accuracy %s on %d samples, more than the allowed %s below %s"
                    .formatted(
                            percent(anchors.challenger()),
                            anchors.samples(),
                            percent(rules.anchorDrop()),
                            percent(anchors.reference())));
        }
        return new Verdict(true, accuracies);
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
