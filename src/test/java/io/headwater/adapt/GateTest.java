package io.headwater.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.AdaptationConfig.PromotionConfig;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final PromotionConfig RULES = new PromotionConfig(20, 0.1, 0.05);
    private static final AnchorScores NO_ANCHORS = new AnchorScores(0, 0, 0);

    @Test
    void shouldPromoteTheFirstVersionOfALane() {
        assertThat(Gate.first().promoted()).isTrue();
    }

    @Test
    void shouldPromoteWhatIsBetterAndSayByHowMuch() {
        Verdict verdict = Gate.decide(RULES, false, new Comparison(40, 20, 30), new AnchorScores(10, 0.8, 0.8));

        assertThat(verdict).isEqualTo(new Verdict(true, verdict.reason()));
        assertThat(verdict.reason()).contains("75.0 %", "50.0 %", "40 identical samples");
    }

    @Test
    void shouldPromoteWhatIsWorseByNoMoreThanTheMargin() {
        assertThat(Gate.decide(RULES, false, new Comparison(40, 30, 26), NO_ANCHORS)
                        .promoted())
                .isTrue();
    }

    @Test
    void shouldRejectWhatIsWorseByMoreThanTheMarginWithTheNumbers() {
        Verdict verdict = Gate.decide(RULES, false, new Comparison(40, 30, 25), NO_ANCHORS);

        assertThat(verdict.promoted()).isFalse();
        assertThat(verdict.reason()).contains("62.5 %", "75.0 %", "40 identical samples", "margin of 10.0 %");
    }

    @Test
    void shouldRejectWhatWasComparedOnTooFewSamples() {
        Verdict verdict = Gate.decide(RULES, false, new Comparison(19, 0, 19), NO_ANCHORS);

        assertThat(verdict.promoted()).isFalse();
        assertThat(verdict.reason()).contains("19", "at least 20");
    }

    @Test
    void shouldRejectWhatForgetsTheAnchorSetWithTheNumbers() {
        Verdict verdict = Gate.decide(RULES, false, new Comparison(40, 20, 40), new AnchorScores(50, 0.9, 0.84));

        assertThat(verdict.promoted()).isFalse();
        assertThat(verdict.reason()).contains("84.0 %", "50 samples", "5.0 %", "90.0 %");
    }

    @Test
    void shouldPromoteWhatFallsOnTheAnchorSetByNoMoreThanAllowed() {
        assertThat(Gate.decide(RULES, false, new Comparison(40, 20, 40), new AnchorScores(20, 0.9, 0.85))
                        .promoted())
                .isTrue();
    }

    @Test
    void shouldPromoteNothingInALaneThatIsHeld() {
        Verdict verdict = Gate.decide(RULES, true, new Comparison(40, 0, 40), NO_ANCHORS);

        assertThat(verdict.promoted()).isFalse();
        assertThat(verdict.reason()).contains("held", "promote");
    }

    /** Accuracies are quotients of counts: exactly the margin below must pass whatever the rounding. */
    @Property
    void shouldTakeExactlyTheMarginAsNotWorse(@ForAll @IntRange(min = 1, max = 500) int tenths) {
        int samples = 10 * tenths;
        PromotionConfig rules = new PromotionConfig(1, 0.1, 0);

        assertThat(Gate.decide(rules, false, new Comparison(samples, samples, samples - tenths), NO_ANCHORS)
                        .promoted())
                .isTrue();
        assertThat(Gate.decide(rules, false, new Comparison(samples, samples, samples - tenths - 1), NO_ANCHORS)
                        .promoted())
                .isFalse();
    }

    @Test
    void shouldCompareOnTheNewestOutcomesOnly() {
        GateWindow window = new GateWindow();
        for (int i = 0; i < 100; i++) {
            window.add(true, false);
        }
        for (int i = 0; i < 512; i++) {
            window.add(i % 2 == 0, i % 4 != 0);
        }

        assertThat(window.comparison()).isEqualTo(new Comparison(512, 256, 384));
    }

    @Test
    void shouldGoOnWhereAWindowWasKept() {
        GateWindow window = new GateWindow();
        window.add(true, true);
        window.add(false, true);
        window.add(true, false);
        window.add(false, false);

        GateWindow restored = GateWindow.restore(window.outcomes());
        assertThat(restored.comparison()).isEqualTo(new Comparison(4, 2, 2));
        restored.add(false, true);
        assertThat(restored.comparison()).isEqualTo(new Comparison(5, 2, 3));
        restored.clear();
        assertThat(restored.comparison()).isEqualTo(new Comparison(0, 0, 0));
        assertThat(restored.comparison().challengerAccuracy()).isZero();
    }
}
