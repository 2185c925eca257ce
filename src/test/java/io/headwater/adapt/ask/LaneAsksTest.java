package io.headwater.adapt.ask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.ask.AsksConfig;
import io.headwater.config.ask.AsksConfig.Strategy;
import io.headwater.domain.Lane;
import io.headwater.engine.SplitMix64;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LaneAsksTest {
    private static final Lane LANE = new Lane("reviews", "shop");
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
    private static final Instant MIDNIGHT = Instant.parse("2026-11-29T00:00:00Z");
    private static final float[] NONE = {};

    private static long millis(Instant time) {
        return time.toEpochMilli();
    }

    private static LaneAsks asks(Strategy strategy, double share, int perDay) {
        return new LaneAsks(new AsksConfig(strategy, share, perDay, 0.2), 1, LANE);
    }

    /** Chooses among requests with these doubts, all at the same time. */
    private static List<Choice> choices(LaneAsks asks, int count, IntToDoubleFunction doubt) {
        List<Choice> choices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            choices.add(
                    asks.choose("r" + i, new AnsweredRequest(List.of(), doubt.applyAsDouble(i), NONE), millis(NOON)));
        }
        return choices;
    }

    private static double uniform(int i) {
        return (new SplitMix64(7, i).nextLong() >>> 11) * 0x1p-53;
    }

    private static double share(List<Choice> choices) {
        return choices.stream().filter(Choice::isChosen).count() / (double) choices.size();
    }

    @ParameterizedTest
    @CsvSource({"0.01", "0.25", "0.9", "1"})
    void shouldSpendItsShareWhateverTheScoresAre(double share) {
        List<IntToDoubleFunction> streams = List.of(
                LaneAsksTest::uniform,
                i -> 0.5,
                i -> Double.NaN,
                i -> uniform(i) < 0.9 ? 0 : 1,
                // It becomes more certain, as a lane that learns does.
                i -> uniform(i) / (1 + i / 5000.0));
        for (IntToDoubleFunction stream : streams) {
            List<Choice> choices = choices(asks(Strategy.MARGIN, share, 0), 20_000, stream);

            assertThat(share(choices)).isCloseTo(share, within(0.01));
            assertThat(choices.stream().mapToDouble(Choice::probability).sum() / choices.size())
                    .isCloseTo(share, within(0.002));
        }
    }

    @Test
    void shouldChooseDoubtfulRequestsAndLeaveEachOneAChance() {
        List<Choice> choices = choices(asks(Strategy.MARGIN, 0.25, 0), 20_000, LaneAsksTest::uniform);

        List<Choice> doubtful =
                choices.stream().filter(one -> one.score() > 0.8).toList();
        List<Choice> certain = choices.stream().filter(one -> one.score() < 0.6).toList();
        assertThat(share(doubtful)).isCloseTo(0.85, within(0.03));
        assertThat(share(certain)).isCloseTo(0.05, within(0.01));
        assertThat(choices).allSatisfy(one -> assertThat(one.probability()).isBetween(0.05, 0.85 + 1e-9));
        // A fifth of the budget is spent at random, whatever the score.
        assertThat(choices.stream()
                        .filter(Choice::isChosen)
                        .filter(one -> one.strategy() == Strategy.RANDOM)
                        .count())
                .isBetween(900L, 1100L);
    }

    @ParameterizedTest
    @EnumSource
    void shouldMakeTheSameChoicesAgain(Strategy strategy) {
        List<Choice> once = choices(asks(strategy, 0.3, 0), 1000, LaneAsksTest::uniform);

        assertThat(choices(asks(strategy, 0.3, 0), 1000, LaneAsksTest::uniform)).isEqualTo(once);
        LaneAsks otherSeed = new LaneAsks(new AsksConfig(strategy, 0.3, 0, 0.2), 2, LANE);
        assertThat(choices(otherSeed, 1000, LaneAsksTest::uniform)).isNotEqualTo(once);
        LaneAsks otherLane = new LaneAsks(new AsksConfig(strategy, 0.3, 0, 0.2), 1, new Lane("reviews", "bank"));
        assertThat(choices(otherLane, 1000, LaneAsksTest::uniform)).isNotEqualTo(once);
    }

    @Test
    void shouldSpreadTheLimitOfADayOverTheDayAndNeverExceedIt() {
        LaneAsks asks = asks(Strategy.MARGIN, 0, 100);
        int requests = 10_000;
        Duration pause = Duration.ofDays(1).dividedBy(requests);
        int morning = 0;
        int all = 0;
        for (int i = 0; i < requests; i++) {
            Choice choice = asks.choose(
                    "r" + i,
                    new AnsweredRequest(List.of(), uniform(i), NONE),
                    millis(MIDNIGHT.plus(pause.multipliedBy(i))));
            all += choice.isChosen() ? 1 : 0;
            morning += choice.isChosen() && i < requests / 2 ? 1 : 0;
            assertThat(asks.left(millis(MIDNIGHT.plus(pause.multipliedBy(i))))).isEqualTo(100 - all);
        }

        assertThat(all).isBetween(90, 100);
        assertThat(morning).isBetween(35, 65);
        Instant tomorrow = MIDNIGHT.plus(Duration.ofDays(1));
        assertThat(asks.left(millis(tomorrow))).isEqualTo(100);
        // A clock that goes back does not give what yesterday had left.
        assertThat(asks.left(millis(MIDNIGHT))).isEqualTo(100);
    }

    @Test
    void shouldKeepBudgetWhenABacklogIsAnsweredAtOnce() {
        LaneAsks asks = asks(Strategy.RANDOM, 0, 100);

        List<Choice> backlog = choices(asks, 5000, i -> 0);

        assertThat(share(backlog)).isLessThan(0.01);
        assertThat(asks.left(millis(NOON))).isGreaterThan(50);
    }

    @Test
    void shouldAskAllThatComesWhereTheLimitOfADayIsMoreThanThat() {
        LaneAsks asks = asks(Strategy.MARGIN, 0, 100);
        for (int i = 0; i < 20; i++) {
            Instant at = NOON.plus(Duration.ofMinutes(30L * i));
            Choice choice = asks.choose("r" + i, new AnsweredRequest(List.of(), 0.1, NONE), millis(at));
            if (i > 3) {
                assertThat(choice.probability()).isEqualTo(1);
            }
        }
    }

    @Test
    void shouldCountWhatWasChosenBeforeItBegan() {
        LaneAsks asks = asks(Strategy.RANDOM, 1, 10);
        for (int i = 0; i < 10; i++) {
            asks.remember(millis(NOON.minusSeconds(i)));
            asks.remember(millis(NOON.minus(Duration.ofDays(1))));
        }

        assertThat(asks.left(millis(NOON))).isZero();
        assertThat(asks.choose("r", new AnsweredRequest(List.of(), 1, NONE), millis(NOON)))
                .isEqualTo(new Choice(false, 0, Strategy.RANDOM, 0));
        assertThat(asks.left(millis(NOON.plus(Duration.ofDays(1))))).isEqualTo(10);
    }

    @Test
    void shouldScoreWhatIsLikeTheOthersHigherThanWhatIsNot() {
        LaneAsks asks = asks(Strategy.MARGIN_DENSITY, 0.5, 0);
        SplitMix64 random = new SplitMix64(1, 1);
        for (int i = 0; i < 200; i++) {
            asks.choose("r" + i, new AnsweredRequest(List.of(0.5f, 0.5f), 0.5, point(random)), millis(NOON));
        }

        double usual = asks.choose(
                        "usual", new AnsweredRequest(List.of(0.5f, 0.5f), 0.5, new float[] {11, 21}), millis(NOON))
                .score();
        double certain = asks.choose(
                        "certain", new AnsweredRequest(List.of(1f, 0f), 0, new float[] {11, 21}), millis(NOON))
                .score();
        double strange = asks.choose(
                        "strange", new AnsweredRequest(List.of(0.5f, 0.5f), 0.5, new float[] {40, -30}), millis(NOON))
                .score();
        double otherWidth = asks.choose(
                        "wide", new AnsweredRequest(List.of(0.5f, 0.5f), 0.5, new float[] {10, 20, 30}), millis(NOON))
                .score();

        assertThat(usual).isGreaterThan(0.5).isLessThanOrEqualTo(1);
        assertThat(strange).isPositive().isLessThan(0.1);
        assertThat(certain).isZero();
        assertThat(otherWidth).isZero();
    }

    @Test
    void shouldPreferWhatContendersDisagreeOnAndFallBackOnEntropyWhereThereAreNone() {
        LaneAsks asks = asks(Strategy.DISAGREEMENT, 0.25, 0);
        List<Choice> known = new ArrayList<>();
        List<Choice> unknown = new ArrayList<>();
        for (int i = 0; i < 4000; i++) {
            known.add(asks.choose(
                    "k" + i, new AnsweredRequest(List.of(0.5f, 0.5f), 0.5, NONE, uniform(i) / 10), millis(NOON)));
            unknown.add(asks.choose("u" + i, new AnsweredRequest(List.of(0.5f, 0.5f), 0.5, NONE), millis(NOON)));
        }

        assertThat(known).extracting(Choice::strategy).containsOnly(Strategy.DISAGREEMENT, Strategy.RANDOM);
        assertThat(unknown).extracting(Choice::strategy).containsOnly(Strategy.ENTROPY, Strategy.RANDOM);
        assertThat(unknown).extracting(Choice::score).containsOnly(1.0);
        assertThat(share(known.stream().filter(one -> one.score() > 0.08).toList()))
                .isCloseTo(0.85, within(0.04));
        // Scores of two strategies do not compete: each has its part of the budget, although one is always lower.
        assertThat(share(known)).isCloseTo(0.25, within(0.02));
        assertThat(share(unknown)).isCloseTo(0.25, within(0.02));
    }

    private static float[] point(SplitMix64 random) {
        return new float[] {10 + random.nextInt(100) / 50f, 20 + random.nextInt(100) / 50f};
    }

    @Test
    void shouldMeasureDisagreement() {
        float[] sure = {1, 0, 0};
        float[] opposite = {0, 1, 0};
        float[] even = {0.5f, 0.5f, 0};

        assertThat(Doubt.disagreement(List.of(sure, opposite))).isCloseTo(1, within(1e-9));
        assertThat(Doubt.disagreement(List.of(even, even, even))).isCloseTo(0, within(1e-9));
        assertThat(Doubt.disagreement(List.of(sure, even)))
                .isCloseTo(Doubt.disagreement(List.of(even, sure)), within(1e-12))
                .isBetween(0.2, 0.8);
        // Of four predictions of two classes, the most is that of two halves that are sure of different classes.
        assertThat(Doubt.disagreement(
                        List.of(new float[] {1, 0}, new float[] {1, 0}, new float[] {0, 1}, new float[] {0, 1})))
                .isCloseTo(1, within(1e-9));
        assertThat(Doubt.disagreement(List.of(sure))).isZero();
        assertThat(Doubt.disagreement(List.of())).isZero();
        assertThat(Doubt.disagreement(List.of(new float[] {1}, new float[] {1})))
                .isZero();
        assertThat(Doubt.disagreement(List.of(sure, new float[] {Float.NaN, 1, 0})))
                .isBetween(0.0, 1.0);
    }

    @Test
    void shouldMeasureDoubt() {
        assertThat(Doubt.margin(List.of(0.5f, 0.5f))).isEqualTo(1);
        assertThat(Doubt.margin(List.of(0.1f, 0.7f, 0.2f))).isCloseTo(0.5, within(1e-6));
        assertThat(Doubt.margin(List.of(0f, 1f))).isZero();
        assertThat(Doubt.margin(List.of(1f))).isZero();
        assertThat(Doubt.entropy(List.of(0.25f, 0.25f, 0.25f, 0.25f))).isCloseTo(1, within(1e-6));
        assertThat(Doubt.entropy(List.of(0f, 1f))).isZero();
        assertThat(Doubt.entropy(List.of())).isZero();
        assertThat(Doubt.entropy(List.of(Float.NaN, 0.5f))).isBetween(0.0, 1.0);
    }
}
