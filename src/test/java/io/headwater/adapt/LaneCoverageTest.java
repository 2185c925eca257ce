package io.headwater.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.adapt.judge.Verdict;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.HeadConfig;
import io.headwater.config.HeadConfig.Learns;
import io.headwater.config.ReplayConfig;
import io.headwater.config.TaskKind;
import io.headwater.config.UncertaintyConfig;
import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.PredictionRegion.ClassSet;
import io.headwater.domain.Thresholds;
import io.headwater.domain.VersionRef;
import io.headwater.task.Answer;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often the sets of a lane contain the truth, as a predictor uses them: with the thresholds that were published last. */
class LaneCoverageTest {
    private static final int SAMPLES = 4_000;
    private static final int ANY = 2_000;
    private static final int STEP = 8;
    private static final int CLASSES = 4;
    private static final int WIDTH = 6;
    private static final Lane LANE = new Lane("lanes", "here");
    private static final AdaptationConfig CONFIG =
            AdaptationConfig.of("lanes", TaskKind.TEXT_CLASSIFICATION, "minilm").withReplay(new ReplayConfig(200, 0));

    /** What happens in the middle of a stream. */
    enum Stream {
        STATIONARY,
        ROTATED,
        RANDOM_LABELS,
        HARDER,
        NOISY,
        SORTED;

        Example at(int sample, SplittableRandom random) {
            boolean changed = sample >= SAMPLES / 2;
            int label = this == SORTED ? sample * CLASSES / SAMPLES : random.nextInt(CLASSES);
            double noise = this == NOISY || (this == HARDER && changed) ? 1.2 : 0.6;
            float[] features = new float[WIDTH];
            for (int i = 0; i < WIDTH; i++) {
                features[i] = (float) (noise * random.nextGaussian() + (i == label ? 1 : 0));
            }
            if (this == ROTATED && changed) {
                label = (label + 1) % CLASSES;
            } else if (this == RANDOM_LABELS && changed && sample < SAMPLES / 2 + 1000) {
                label = random.nextInt(CLASSES);
            }
            return LaneStream.example(features, "c" + label);
        }
    }

    /** The answers of the serving versions to a stream. */
    private static final class Answers {
        private final List<Boolean> covered = new ArrayList<>();
        private final List<Boolean> coveredOfKnown = new ArrayList<>();
        private int rejected;

        void add(ClassSet set, String truth, List<String> known) {
            boolean contains = set.names().contains(truth);
            covered.add(contains);
            if (known.contains(truth)) {
                coveredOfKnown.add(contains);
            }
        }

        /** Returns the lowest and the highest coverage of any 2,000 answers in a row. */
        static DoubleSummaryStatistics coverages(List<Boolean> covered) {
            DoubleSummaryStatistics coverages = new DoubleSummaryStatistics();
            int sum = 0;
            for (int i = 0; i < covered.size(); i++) {
                sum += covered.get(i) ? 1 : 0;
                sum -= i >= ANY && covered.get(i - ANY) ? 1 : 0;
                if (i >= ANY - 1) {
                    coverages.accept(sum / (double) ANY);
                }
            }
            return coverages;
        }
    }

    /** A lane, and the version and the thresholds that a predictor would use. */
    private static final class Served {
        private final AdaptationConfig config;
        private final List<HeadArtifact> versions = new ArrayList<>();
        private @Nullable HeadArtifact head;
        private @Nullable VersionRef version;
        private @Nullable Thresholds thresholds;

        Served(AdaptationConfig config) {
            this.config = config;
        }

        void answer(List<Example> batch, Answers into) {
            if (head == null || thresholds == null) {
                return;
            }
            try (PublishedHead opened = PublishedHead.open(head, LaneStream.heads(config))) {
                List<Answer> answers = opened.predictions(
                        LaneStream.goal(config),
                        batch.stream().map(Example::features).toArray(float[][]::new));
                for (int i = 0; i < batch.size(); i++) {
                    Example one = batch.get(i);
                    ClassSet set = (ClassSet)
                            answers.get(i).region(one.view(), thresholds).orElseThrow();
                    into.add(set, one.truth().text(), opened.names());
                }
            }
        }

        boolean publish(LaneLearner lane) {
            HeadArtifact newest = lane.artifact();
            versions.add(newest);
            renew(lane);
            Verdict verdict = lane.promoteIfBetter(newest, false, version);
            VersionRef earlier = verdict.earlier();
            if (verdict.servesPublished()) {
                version = new VersionRef(LANE, versions.size(), Digest.of(newest.toBytes()), LaneStream.BASE);
                head = newest;
            } else if (earlier != null) {
                version = earlier;
                head = versions.get((int) earlier.number() - 1);
            }
            return verdict.promoted();
        }

        void renew(LaneLearner lane) {
            lane.thresholds().publish();
            thresholds = lane.thresholds().published().orElse(null);
        }
    }

    /** Learns a stream in steps of eight, and publishes a version after {@code interval} samples as a trainer does. */
    private static Answers answers(
            LaneLearner lane, AdaptationConfig config, Stream stream, int interval, Served served) {
        Answers answers = new Answers();
        SplittableRandom random = new SplittableRandom(7);
        for (int from = 0; from < SAMPLES; from += STEP) {
            List<Example> batch = new ArrayList<>();
            for (int i = from; i < from + STEP; i++) {
                batch.add(stream.at(i, random));
            }
            served.answer(batch, answers);
            batch.forEach(lane::admit);
            lane.step(batch);
            if ((from + STEP) % interval == 0) {
                answers.rejected += served.publish(lane) ? 0 : 1;
            } else if (served.head != null && lane.thresholds().areDue()) {
                served.renew(lane);
            }
        }
        return answers;
    }

    private static Answers answers(AdaptationConfig config, Stream stream, int interval) {
        try (LaneLearner lane = LaneStream.untrained(config)) {
            return answers(lane, config, stream, interval, new Served(config));
        }
    }

    @ParameterizedTest
    @CsvSource({"STATIONARY, 400", "ROTATED, 64", "ROTATED, 400", "RANDOM_LABELS, 400", "HARDER, 400"})
    void shouldCoverAsManyOfAnyTwoThousandAnswersAsConfigured(Stream stream, int interval) {
        Answers answers = answers(CONFIG, stream, interval);

        DoubleSummaryStatistics coverages = Answers.coverages(answers.covered);
        assertThat(coverages.getMin()).isGreaterThanOrEqualTo(0.88);
        assertThat(coverages.getMax()).isLessThanOrEqualTo(0.92);
    }

    /** An old version serves with new thresholds. */
    @Test
    void shouldHoldTheCoverageWhilePromotionsAreSuspended() {
        Answers answers = answers(CONFIG, Stream.RANDOM_LABELS, 64);

        assertThat(answers.rejected).isPositive();
        DoubleSummaryStatistics coverages = Answers.coverages(answers.covered);
        assertThat(coverages.getMin()).isGreaterThanOrEqualTo(0.88);
        assertThat(coverages.getMax()).isLessThanOrEqualTo(0.92);
    }

    /** No set can contain a class that the serving version does not know. */
    @Test
    void shouldCoverTheClassesThatItKnowsWhenSamplesAreSortedByClass() {
        Answers answers = answers(CONFIG, Stream.SORTED, 64);

        assertThat(Answers.coverages(answers.coveredOfKnown).getMin()).isGreaterThanOrEqualTo(0.88);
    }

    @Test
    void shouldCoverAsManyWithAHeadThatIsTrainedByGradients() {
        AdaptationConfig config = CONFIG.withHead(new HeadConfig(0).withLearns(Learns.GRADIENT));

        DoubleSummaryStatistics coverages = Answers.coverages(answers(config, Stream.HARDER, 400).covered);

        assertThat(coverages.getMin()).isGreaterThanOrEqualTo(0.88);
        assertThat(coverages.getMax()).isLessThanOrEqualTo(0.92);
    }

    @Test
    void shouldCoverAnotherFraction() {
        AdaptationConfig config = CONFIG.withUncertainty(new UncertaintyConfig(0.7, null));

        DoubleSummaryStatistics coverages = Answers.coverages(answers(config, Stream.ROTATED, 64).covered);

        assertThat(coverages.getMin()).isGreaterThanOrEqualTo(0.67);
        assertThat(coverages.getMax()).isLessThanOrEqualTo(0.73);
    }

    /** The domain of the new lane is harder than that of its source. */
    @Test
    void shouldBeginWithTheThresholdsOfTheSource() {
        try (LaneLearner source = LaneStream.untrained(CONFIG)) {
            Served served = new Served(CONFIG);
            answers(source, CONFIG, Stream.STATIONARY, 400, served);
            try (LaneLearner lane = LaneLearner.startedFrom(
                    CONFIG, LaneStream.goal(CONFIG), LaneStream.heads(CONFIG), source.checkpoint())) {
                lane.restoreChampion(Objects.requireNonNull(served.head));
                assertThat(lane.thresholds().published())
                        .isEqualTo(source.thresholds().published())
                        .isPresent();

                Answers answers = answers(lane, CONFIG, Stream.NOISY, 400, served);

                DoubleSummaryStatistics coverages = Answers.coverages(answers.covered);
                assertThat(answers.covered).hasSize(SAMPLES);
                assertThat(coverages.getMin()).isGreaterThanOrEqualTo(0.88);
                assertThat(coverages.getMax()).isLessThanOrEqualTo(0.92);
            }
        }
    }

    @Test
    void shouldHaveTheSameThresholdsAfterARestart() {
        SplittableRandom random = new SplittableRandom(3);
        Served one = new Served(CONFIG);
        Served other = new Served(CONFIG);
        try (LaneLearner undisturbed = LaneStream.untrained(CONFIG)) {
            LaneLearner restarted = LaneStream.untrained(CONFIG);
            for (int step = 1; step <= 60; step++) {
                List<Example> batch = new ArrayList<>();
                for (int i = 0; i < STEP; i++) {
                    batch.add(Stream.STATIONARY.at(i, random));
                }
                undisturbed.step(batch);
                restarted.step(batch);
                assertThat(restarted.thresholds().areDue())
                        .isEqualTo(undisturbed.thresholds().areDue());
                if (step % 10 == 0) {
                    one.publish(undisturbed);
                    other.publish(restarted);
                }
                if (step % 7 == 0) {
                    byte[] checkpoint = restarted.checkpoint();
                    restarted.close();
                    restarted =
                            LaneLearner.restored(CONFIG, LaneStream.goal(CONFIG), LaneStream.heads(CONFIG), checkpoint);
                    if (other.head != null) {
                        restarted.restoreChampion(other.head);
                    }
                }
                assertThat(restarted.thresholds().published())
                        .isEqualTo(undisturbed.thresholds().published());
            }
            assertThat(restarted.thresholds().published()).isPresent();
            assertThat(restarted.checkpoint()).isEqualTo(undisturbed.checkpoint());
            restarted.close();
        }
    }

    @Test
    void shouldKeepItsScoresWhenTheCoverageIsChanged() {
        AdaptationConfig more = CONFIG.withUncertainty(new UncertaintyConfig(0.99, null));
        AdaptationConfig off = CONFIG.withUncertainty(new UncertaintyConfig(0, null));
        byte[] checkpoint;
        Thresholds before;
        try (LaneLearner lane = LaneStream.untrained(CONFIG)) {
            answers(lane, CONFIG, Stream.STATIONARY, 400, new Served(CONFIG));
            before = lane.thresholds().published().orElseThrow();
            checkpoint = lane.checkpoint();
        }

        try (LaneLearner lane = restored(more, checkpoint)) {
            lane.thresholds().publish();
            Thresholds after = lane.thresholds().published().orElseThrow();
            assertThat(after.coverage()).isEqualTo(0.99);
            assertThat(after.values().get(0)).isGreaterThan(before.values().get(0));
        }
        try (LaneLearner lane = restored(off, checkpoint)) {
            lane.thresholds().publish();
            assertThat(lane.thresholds().published()).isEmpty();
            assertThat(lane.thresholds().areDue()).isFalse();
            checkpoint = lane.checkpoint();
        }
        try (LaneLearner lane = restored(CONFIG, checkpoint)) {
            assertThat(lane.thresholds().published()).isEmpty();
        }
    }

    private static LaneLearner restored(AdaptationConfig config, byte[] checkpoint) {
        return LaneLearner.restored(config, LaneStream.goal(config), LaneStream.heads(config), checkpoint);
    }
}
