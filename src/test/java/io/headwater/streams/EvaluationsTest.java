package io.headwater.streams;

import static io.headwater.streams.DrivenJoin.START;
import static io.headwater.streams.DrivenJoin.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Lane;
import io.headwater.domain.LateEvaluation;
import io.headwater.domain.LateEvaluation.ClassCount;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Lane LANE = new Lane("reviews", DrivenJoin.DOMAIN);

    @TempDir
    private Path folder;

    @Test
    void shouldPublishAPeriodWhenItIsOverAndAgainWhenItIsAmended() {
        try (DrivenJoin join = new DrivenJoin(folder)) {
            Duration minute = Duration.ofMinutes(1);
            join.request("1", minute)
                    .prediction("1", "bad", minute)
                    .label("1", "good", minute.plusSeconds(5))
                    .request("2", minute)
                    .prediction("2", "good", minute)
                    .request("3", minute)
                    .prediction("3", version("reviews", 4), "good", minute)
                    .label("3", "good", minute)
                    .reach(Duration.ofMinutes(59));
            assertThat(periods(join.evaluations())).isEmpty();

            join.reach(HOUR);
            List<LateEvaluation> first = periods(join.evaluations());
            assertThat(first).hasSize(2);
            LateEvaluation third = ofVersion(first, 3);
            assertThat(third.lane()).isEqualTo(LANE);
            assertThat(third.from()).isEqualTo(START);
            assertThat(third.to()).isEqualTo(START.plus(HOUR));
            assertThat(third.scoreName()).isEqualTo("accuracy");
            assertThat(third.labelled()).isEqualTo(1);
            assertThat(third.scoreSum()).isZero();
            assertThat(third.classes()).containsExactly(new ClassCount("good", 1, 0));
            assertThat(third.delays()).hasSize(10).startsWith(0.0, 1.0, 0.0);
            assertThat(third.asked().meanScore()).isNaN();
            assertThat(ofVersion(first, 4).meanScore()).isEqualTo(1);

            join.label("1", "bad", Duration.ofHours(3)).label("2", "good", Duration.ofHours(3));
            join.reach(Duration.ofHours(3).plusMinutes(6));
            List<LateEvaluation> second = periods(join.evaluations());
            assertThat(second).hasSize(1);
            LateEvaluation amended = second.get(0);
            assertThat(amended.version().number()).isEqualTo(3);
            assertThat(amended.labelled()).isEqualTo(2);
            assertThat(amended.scoreSum()).isEqualTo(2);
            assertThat(amended.amended()).isEqualTo(1);
            assertThat(amended.classes()).containsExactly(new ClassCount("bad", 1, 1), new ClassCount("good", 1, 1));
        }
    }

    @Test
    void shouldCountLabelsThatDidNotComeAndForgetAPeriodInTheEnd() {
        try (DrivenJoin join = new DrivenJoin(folder)) {
            join.request("1", HOUR)
                    .prediction("1", "bad", HOUR)
                    .reach(Duration.ofDays(7).plusHours(1));
            join.reach(Duration.ofDays(8));

            List<LateEvaluation> published = periods(join.evaluations());
            LateEvaluation expired = published.get(published.size() - 1);
            assertThat(expired.labelled()).isZero();
            assertThat(expired.expired()).isEqualTo(1);
            assertThat(expired.meanScore()).isNaN();

            join.reach(Duration.ofDays(20));
            assertThat(join.size(JoinTopology.RUNNING_EVALUATIONS)).isZero();
        }
    }

    @Test
    void shouldFadeByHalfInTheLengthOfAPeriod() {
        Tally tally = Tally.faded(LANE, version("reviews", 3), false, START.toEpochMilli(), HOUR.toMillis());
        tally.add(START.toEpochMilli(), scored("bad", 0), Duration.ZERO);
        tally.add(START.plus(HOUR).toEpochMilli(), scored("good", 0), Duration.ZERO);

        LateEvaluation evaluation = tally.evaluation("accuracy", 0);

        assertThat(evaluation.halfLife()).isEqualTo(HOUR);
        assertThat(evaluation.labelled()).isEqualTo(1.5);
        assertThat(evaluation.scoreSum()).isEqualTo(1);
        assertThat(evaluation.meanScore()).isCloseTo(2.0 / 3, within(1e-12));
    }

    /** What an amendment takes out is what was added, however long ago, and however often the landmark has moved. */
    @Test
    void shouldTakeOutOfAFadedEvaluationWhatWasAdded() {
        long start = START.toEpochMilli();
        Tally amended = Tally.faded(LANE, version("reviews", 3), false, start, HOUR.toMillis());
        Tally right = Tally.faded(LANE, version("reviews", 3), false, start, HOUR.toMillis());
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            long time = start + i * 1_200_000L;
            boolean isLate = random.nextBoolean();
            right.add(time, scored("good", 0.5), Duration.ZERO);
            amended.add(time, scored(isLate ? "bad" : "good", 0.5), Duration.ZERO);
            if (isLate) {
                amended.amend(time, scored("bad", 0.5), scored("good", 0.5));
            }
        }

        LateEvaluation after = Tally.decode(amended.encode()).evaluation("accuracy", 0);
        LateEvaluation expected = right.evaluation("accuracy", 0);
        assertThat(after.labelled()).isCloseTo(expected.labelled(), within(1e-9));
        assertThat(after.scoreSum()).isCloseTo(expected.scoreSum(), within(1e-9));
        assertThat(after.asked().weightedScoreSum()).isCloseTo(expected.asked().weightedScoreSum(), within(1e-9));
        assertThat(after.asked().squaredWeights()).isCloseTo(expected.asked().squaredWeights(), within(1e-9));
    }

    /** Hard requests are asked for ten times as often, so that the mean of the labelled ones is too low. */
    @Test
    void shouldWeightChosenRequestsBackToTheStream() {
        Tally tally = Tally.ofPeriod(LANE, version("reviews", 3), false, 0, 1);
        Random random = new Random(3);
        double sum = 0;
        int count = 20_000;
        for (int i = 0; i < count; i++) {
            boolean isHard = random.nextInt(5) == 0;
            boolean isRight = random.nextDouble() < (isHard ? 0.4 : 0.95);
            double asked = isHard ? 0.5 : 0.05;
            sum += isRight ? 1 : 0;
            if (random.nextDouble() < asked) {
                tally.add(0, scored(isRight ? "good" : "bad", asked), Duration.ZERO);
            }
        }

        LateEvaluation evaluation = tally.evaluation("accuracy", 0);
        double truth = sum / count;
        assertThat(evaluation.asked().meanScore()).isCloseTo(truth, within(0.02));
        assertThat(evaluation.meanScore()).isLessThan(truth - 0.1);
        assertThat(evaluation.asked().effectiveSize()).isBetween(100.0, evaluation.labelled());
    }

    /** The answers of a version say how sure it is, of chosen and of other requests; it is a little too sure. */
    @Test
    void shouldEstimateMorePreciselyByWhatAnswersExpectOfThemselves() {
        double weighted = 0;
        double assisted = 0;
        for (int run = 0; run < 40; run++) {
            Tally tally = Tally.ofPeriod(LANE, version("reviews", 3), false, 0, 1);
            Random random = new Random(run);
            double sum = 0;
            int count = 4000;
            for (int i = 0; i < count; i++) {
                double sure = random.nextBoolean() ? 0.99 : 0.5;
                boolean isRight = random.nextDouble() < sure - 0.05;
                double asked = sure < 0.9 ? 0.5 : 0.05;
                sum += isRight ? 1 : 0;
                tally.answer(0, sure);
                if (random.nextDouble() < asked) {
                    tally.add(0, scored(isRight ? "good" : "bad", sure, asked), Duration.ZERO);
                }
            }
            LateEvaluation evaluation = Tally.decode(tally.encode()).evaluation("accuracy", 0);
            assertThat(evaluation.asked().answered()).isEqualTo(count);
            weighted += Math.abs(evaluation.asked().meanScore() - sum / count) / 40;
            assisted += Math.abs(evaluation.asked().assistedMeanScore() - sum / count) / 40;
        }

        assertThat(assisted).isLessThan(0.9 * weighted).isLessThan(0.03);
    }

    @Test
    void shouldCountEveryAnswerByWhatItExpectsOfItselfAndALabelOfAChosenOneBeside() {
        try (DrivenJoin join = new DrivenJoin(folder)) {
            Duration minute = Duration.ofMinutes(1);
            join.request("1", minute)
                    .prediction("1", version("reviews", 3), "good", 0.25, minute)
                    .request("2", minute)
                    .prediction("2", "good", minute)
                    .prediction("3", "good", minute)
                    .label("1", "bad", minute.plusSeconds(5))
                    .reach(HOUR);

            LateEvaluation.AskedSums sums = periods(join.evaluations()).get(0).asked();
            assertThat(sums.answered()).isEqualTo(2);
            assertThat(sums.expectedSum()).isEqualTo(2);
            assertThat(sums.weightedExpectedSum()).isEqualTo(4);
            assertThat(sums.assistedMeanScore()).isZero();

            join.label("1", "good", minute.plusSeconds(9)).reach(HOUR.multipliedBy(2));
            assertThat(periods(join.evaluations()).get(0).asked().assistedMeanScore())
                    .isEqualTo(1);
        }
    }

    @Test
    void shouldBoundTheNumberOfClasses() {
        Tally tally = Tally.ofPeriod(LANE, version("reviews", 3), false, 0, 1);
        for (int i = 0; i < 3 * Tally.MOST_CLASSES; i++) {
            tally.add(0, scored("class " + i, 0), Duration.ZERO);
        }

        LateEvaluation evaluation = tally.evaluation("accuracy", 0);
        assertThat(evaluation.classes()).hasSize(Tally.MOST_CLASSES + 1);
        assertThat(evaluation.classes().get(0)).isEqualTo(new ClassCount("", 2 * Tally.MOST_CLASSES, 0));
    }

    private static Scored scored(String label, double asked) {
        return scored(label, Double.NaN, asked);
    }

    private static Scored scored(String label, double expectedScore, double asked) {
        ClassLabel answer = new ClassLabel("good");
        return new Scored(new ClassLabel(label), answer, label.equals("good") ? 1 : 0, expectedScore, asked);
    }

    private static List<LateEvaluation> periods(List<LateEvaluation> all) {
        return all.stream().filter(one -> one.halfLife().isZero()).toList();
    }

    private static LateEvaluation ofVersion(List<LateEvaluation> all, long number) {
        return all.stream()
                .filter(one -> one.version().number() == number)
                .findFirst()
                .orElseThrow();
    }
}
