package io.headwater.adapt.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.PromotionConfig;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final PromotionConfig RULES = new PromotionConfig(20, 0.1, 0.05);
    private static final Supplier<ScorePair> NO_ANCHORS = () -> ScorePair.NONE;

    @Test
    void shouldPromoteTheFirstVersionOfALane() {
        assertThat(Gate.first().promoted()).isTrue();
    }

    @Test
    void shouldPromoteWhatIsBetterAndSayByHowMuch() {
        Verdict verdict =
                Gate.decide(RULES, "accuracy", false, new ScorePair(40, 0.5, 0.75), () -> new ScorePair(10, 0.8, 0.8));

        assertThat(verdict.promoted()).isTrue();
        assertThat(verdict.recent()).isEqualTo(new ScorePair(40, 0.5, 0.75));
        assertThat(verdict.heldOut()).isEqualTo(new ScorePair(10, 0.8, 0.8));
        assertThat(verdict.reason()).contains("75.0 %", "50.0 %", "40 identical samples");
    }

    @Test
    void shouldPromoteWhatIsWorseByNoMoreThanTheMargin() {
        assertThat(Gate.decide(RULES, "accuracy", false, new ScorePair(40, 0.75, 0.65), NO_ANCHORS)
                        .promoted())
                .isTrue();
    }

    @Test
    void shouldRejectWhatIsWorseByMoreThanTheMarginWithTheNumbers() {
        Verdict verdict = Gate.decide(RULES, "accuracy", false, new ScorePair(40, 0.75, 0.625), NO_ANCHORS);

        assertThat(verdict.promoted()).isFalse();
        assertThat(verdict.reason()).contains("62.5 %", "75.0 %", "40 identical samples", "margin of 10.0 %");
    }

    @Test
    void shouldRejectWhatWasComparedOnTooFewSamples() {
        Verdict verdict = Gate.decide(RULES, "accuracy", false, new ScorePair(19, 0.0, 1), NO_ANCHORS);

        assertThat(verdict.promoted()).isFalse();
        assertThat(verdict.reason()).contains("19", "at least 20");
    }

    @Test
    void shouldRejectWhatForgetsTheAnchorSetWithTheNumbers() {
        Verdict verdict =
                Gate.decide(RULES, "accuracy", false, new ScorePair(40, 0.5, 1), () -> new ScorePair(50, 0.9, 0.84));

        assertThat(verdict.promoted()).isFalse();
        assertThat(verdict.reason()).contains("84.0 %", "50 samples", "5.0 %", "90.0 %");
    }

    @Test
    void shouldPromoteWhatFallsOnTheAnchorSetByNoMoreThanAllowed() {
        assertThat(Gate.decide(RULES, "accuracy", false, new ScorePair(40, 0.5, 1), () -> new ScorePair(20, 0.9, 0.85))
                        .promoted())
                .isTrue();
    }

    @Test
    void shouldLookAtHeldOutSamplesOnlyWhenNoOtherRuleDecides() {
        Supplier<ScorePair> never = () -> {
            throw new AssertionError("looked at held-out samples");
        };

        assertThat(Gate.decide(RULES, "accuracy", true, new ScorePair(40, 0, 1), never)
                        .heldOut())
                .isEqualTo(ScorePair.NONE);
        assertThat(Gate.decide(RULES, "accuracy", false, new ScorePair(19, 0, 1), never)
                        .heldOut())
                .isEqualTo(ScorePair.NONE);
        assertThat(Gate.decide(RULES, "accuracy", false, new ScorePair(40, 1, 0), never)
                        .heldOut())
                .isEqualTo(ScorePair.NONE);
    }

    @Test
    void shouldPromoteNothingInALaneThatIsHeld() {
        Verdict verdict = Gate.decide(RULES, "accuracy", true, new ScorePair(40, 0.0, 1), NO_ANCHORS);

        assertThat(verdict.promoted()).isFalse();
        assertThat(verdict.reason()).contains("held", "promote");
    }

    /** Accuracies are quotients of counts: one that is below by exactly the margin must pass regardless of rounding. */
    @Property
    void shouldTakeExactlyTheMarginAsNotWorse(@ForAll @IntRange(min = 1, max = 500) int tenths) {
        int samples = 10 * tenths;
        PromotionConfig rules = new PromotionConfig(1, 0.1, 0);

        assertThat(Gate.decide(
                                rules,
                                "accuracy",
                                false,
                                new ScorePair(samples, 1, (samples - tenths) / (double) samples),
                                NO_ANCHORS)
                        .promoted())
                .isTrue();
        assertThat(Gate.decide(
                                rules,
                                "accuracy",
                                false,
                                new ScorePair(samples, 1, (samples - tenths - 1) / (double) samples),
                                NO_ANCHORS)
                        .promoted())
                .isFalse();
    }

    @Test
    void shouldCompareOnTheNewestOutcomesOnly() {
        ScoreWindow window = new ScoreWindow();
        for (int i = 0; i < 100; i++) {
            window.add(1, 0);
        }
        for (int i = 0; i < 512; i++) {
            window.add(i % 2 == 0 ? 1 : 0, i % 4 != 0 ? 1 : 0);
        }

        assertThat(window.means()).isEqualTo(new ScorePair(512, 0.5, 0.75));
    }

    @Test
    void shouldGoOnWhereAWindowWasKept() {
        ScoreWindow window = new ScoreWindow();
        window.add(1, 1);
        window.add(0, 1);
        window.add(1, 0);
        window.add(0, 0);

        ScoreWindow restored = ScoreWindow.restore(window.scores());
        assertThat(restored.means()).isEqualTo(new ScorePair(4, 0.5, 0.5));
        restored.add(0, 1);
        assertThat(restored.means()).isEqualTo(new ScorePair(5, 0.4, 0.6));
        restored.clear();
        assertThat(restored.means()).isEqualTo(new ScorePair(0, 0.0, 0));
        assertThat(restored.means().challenger()).isZero();
    }
}
