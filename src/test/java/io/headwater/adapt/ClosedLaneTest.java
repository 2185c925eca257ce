package io.headwater.adapt;

import static io.headwater.adapt.ClosedLane.config;
import static io.headwater.adapt.LaneStream.samples;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.adapt.drift.Drift;
import io.headwater.adapt.judge.Verdict;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.ConfigurationException;
import io.headwater.config.GuardConfig;
import io.headwater.config.HeadConfig;
import io.headwater.config.HeadConfig.Learns;
import io.headwater.config.PromotionConfig;
import io.headwater.config.PromotionConfig.Mode;
import io.headwater.config.TrainingConfig;
import io.headwater.config.TrainingConfig.ClassWeights;
import io.headwater.domain.Digest;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.VersionRef;
import io.headwater.engine.weights.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what a user may rely on in a lane whose head is computed in closed form. */
class ClosedLaneTest {
    private static final List<Example> TEST = samples(99, 400, 3);

    /** With 40 samples in memory, most samples are represented by sums; with 2000, none is. */
    private final AdaptationConfig small = config(40);

    private final AdaptationConfig large = config(2000);

    @ParameterizedTest
    @ValueSource(ints = {4, 64, 212, 220, 236, 300, 420})
    void shouldContinueBitForBitFromACheckpoint(int restart) {
        try (ClosedLane undisturbed = ClosedLane.untrained(small);
                ClosedLane restarted = ClosedLane.untrained(small)) {
            List<Example> stream = new ArrayList<>(samples(1, 208, 3));
            stream.addAll(rotated(samples(2, 272, 3)));
            boolean suspended = false;
            for (int from = 0; from < stream.size(); from += 4) {
                List<Example> batch = stream.subList(from, from + 4);
                Verdict verdict = undisturbed.learn(batch);
                assertThat(restarted.learn(batch)).isEqualTo(verdict);
                suspended |= !verdict.promoted();
                if (from + 4 == restart) {
                    restarted.restart();
                    assertThat(restarted.learner().checkpoint())
                            .isEqualTo(undisturbed.learner().checkpoint());
                }
            }
            assertThat(suspended).isTrue();
            assertThat(bytes(restarted.learner())).isEqualTo(bytes(undisturbed.learner()));
        }
    }

    /** It may at first know fewer labels than the version that served before, or the same ones in another order. */
    @Test
    void shouldContinueFromACheckpointAfterItHasBegunAnew() {
        AdaptationConfig open = small.withLabels(List.of());
        HeadArtifact before;
        try (ClosedLane lane = ClosedLane.untrained(open)) {
            lane.learn(samples(1, 64, 3));
            before = lane.champion();
        }
        try (LaneLearner anew = LaneStream.untrained(open)) {
            anew.restoreChampion(before);
            LaneStream.learn(
                    anew,
                    samples(2, 96, 3).stream()
                            .filter(sample -> sample.truth().equals(new Label.ClassLabel("c2")))
                            .toList(),
                    4);
            VersionRef former =
                    new VersionRef(new Lane("lanes", "here"), 1, Digest.of(before.toBytes()), LaneStream.BASE);
            HeadArtifact first = anew.artifact();
            assertThat(first.labels()).hasSizeLessThan(before.labels().size());
            assertThat(anew.promoteIfBetter(first, false, former).promoted()).isTrue();

            try (LaneLearner restored =
                    LaneLearner.restored(open, LaneStream.goal(open), LaneStream.heads(open), anew.checkpoint())) {
                restored.restoreChampion(first);
                List<Example> later = samples(3, 64, 3);
                LaneStream.learn(anew, later, 4);
                LaneStream.learn(restored, later, 4);
                assertThat(restored.checkpoint()).isEqualTo(anew.checkpoint());
            }
        }
    }

    @Test
    void shouldNotChangeWhenItOnlyScores() {
        try (ClosedLane lane = ClosedLane.untrained(small)) {
            lane.learn(samples(1, 64, 3));
            byte[] before = lane.learner().checkpoint();

            assertThat(lane.learner().score(samples(3, 8, 3))).hasSize(8);

            assertThat(lane.learner().checkpoint()).isEqualTo(before);
        }
    }

    @Test
    void shouldPredictTheSameWhateverTheOrderOfTheSamples() {
        List<Example> stream = samples(1, 150, 3);
        List<Example> shuffled = new ArrayList<>(stream);
        Collections.shuffle(shuffled, new Random(5));
        try (ClosedLane one = ClosedLane.untrained(large);
                ClosedLane other = ClosedLane.untrained(large)) {
            one.learn(stream);
            other.learn(shuffled);

            assertThat(predicted(one)).isEqualTo(predicted(other));
        }
    }

    /** Of 20 samples, 19 are of the first class; both are equally frequent among those that are asked for. */
    @Test
    void shouldFindMoreOfARareClassWithBalancedWeights() {
        List<Example> stream = new ArrayList<>();
        for (Example one : overlapping(samples(1, 1600, 2))) {
            if (one.truth().text().equals("c0") || stream.size() % 20 == 19) {
                stream.add(one);
            }
        }
        List<Example> asked = overlapping(samples(7, 400, 2));
        TrainingConfig training = large.training();
        AdaptationConfig balanced = large.withTraining(new TrainingConfig(
                training.batchSize(),
                training.learningRate(),
                training.labelSmoothing(),
                ClassWeights.BALANCED,
                training.seed()));
        try (ClosedLane one = ClosedLane.untrained(large);
                ClosedLane other = ClosedLane.untrained(balanced)) {
            one.learn(stream);
            other.learn(stream);

            assertThat(ClosedLane.accuracy(balanced, other.learner().artifact(), asked))
                    .isGreaterThan(ClosedLane.accuracy(large, one.learner().artifact(), asked) + 0.1);
        }
    }

    /** Moves samples towards one another, so that no line tells their classes apart. */
    private static List<Example> overlapping(List<Example> samples) {
        Random random = new Random(11);
        return samples.stream()
                .map(one -> {
                    float[] features = one.features().clone();
                    for (int i = 0; i < features.length; i++) {
                        features[i] = features[i] / 2 + (float) (random.nextGaussian() / 2);
                    }
                    return LaneStream.example(features, one.truth().text());
                })
                .toList();
    }

    @Test
    void shouldSolveLessOftenWhereItMayTakeFewOperations() {
        AdaptationConfig frugal = large.withHead(large.head().withOperations(1));
        try (ClosedLane lane = ClosedLane.untrained(frugal)) {
            lane.learn(samples(1, 400, 3));

            assertThat(lane.accuracy(TEST)).isGreaterThan(0.95);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 2000})
    void shouldEndAsGoodOnSortedSamplesAsOnShuffledOnes(int capacity) {
        List<Example> stream = samples(1, 360, 3);
        List<Example> sorted = new ArrayList<>(stream);
        sorted.sort(Comparator.comparing(one -> one.truth().text()));
        try (ClosedLane one = ClosedLane.untrained(config(capacity));
                ClosedLane other = ClosedLane.untrained(config(capacity))) {
            one.learn(stream);
            other.learn(sorted);

            assertThat(other.accuracy(TEST)).isGreaterThanOrEqualTo(one.accuracy(TEST) - 0.01);
        }
    }

    /** Every fourth sample can enter the guard set, so a new concept wins once it has about half of the set. */
    @ParameterizedTest
    @CsvSource({"64, 320", "16, 160"})
    void shouldFollowLabelsThatRotateAndSayWhyVersionsWait(int guard, int most) {
        try (ClosedLane lane = ClosedLane.untrained(large.withGuard(new GuardConfig(guard, 8)))) {
            lane.learn(samples(1, 400, 3));
            List<Example> after = rotated(TEST);
            List<String> reasons = new ArrayList<>();
            int needed = 0;
            while (needed < 400 && lane.accuracy(after) < 0.95) {
                Verdict verdict = lane.learn(rotated(samples(100 + needed, 16, 3)));
                needed += 16;
                if (!verdict.promoted()) {
                    reasons.add(verdict.reason());
                }
            }

            assertThat(needed).isLessThanOrEqualTo(most);
            assertThat(reasons)
                    .anySatisfy(reason -> assertThat(reason)
                            .contains("the error of the serving version rose from")
                            .contains("new versions wait until they are better"));
        }
    }

    /** Otherwise a version could not be rebuilt from its parent and the log alone. */
    @ParameterizedTest
    @ValueSource(ints = {0, 8})
    void shouldLearnTheSameWhateverServes(int hidden) {
        AdaptationConfig config = small.withHead(new HeadConfig(hidden));
        try (LaneLearner served = LaneStream.untrained(config);
                LaneLearner unserved = LaneStream.untrained(config)) {
            LaneStream.learn(served, samples(1, 160, 3), 4);
            served.promote(served.artifact());
            LaneStream.learn(served, samples(3, 160, 3), 4);
            LaneStream.learn(unserved, samples(1, 160, 3), 4);
            LaneStream.learn(unserved, samples(3, 160, 3), 4);

            LaneStream.learn(served, rotated(samples(2, 320, 3)), 4);
            LaneStream.learn(unserved, rotated(samples(2, 320, 3)), 4);

            assertThat(served.takeDrifts()).extracting(Drift::signal).contains("learnerError", "championError");
            assertThat(unserved.takeDrifts()).extracting(Drift::signal).containsOnly("learnerError");
            assertThat(served.artifact().toBytes())
                    .isEqualTo(unserved.artifact().toBytes());
        }
    }

    @Test
    void shouldServeOnlyWhatHasProvedToBeBetterIfVersionsMust() {
        AdaptationConfig proving = large.withPromotion(new PromotionConfig(Mode.VERSION, 0.05, 0));
        try (ClosedLane lane = ClosedLane.untrained(proving)) {
            // Given: a first version from few samples
            lane.learn(samples(1, 4, 3));
            double first = lane.accuracy(TEST);
            List<Verdict> verdicts = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                verdicts.add(lane.learn(samples(10 + i, 16, 3)));
                if (i % 20 == 10) {
                    lane.restart();
                }
            }

            assertThat(verdicts).noneMatch(Verdict::servesPublished);
            assertThat(verdicts)
                    .filteredOn(Verdict::promoted)
                    .isNotEmpty()
                    .allMatch(verdict -> verdict.earlier() != null
                            && verdict.reason()
                                    .startsWith("version " + verdict.earlier().number() + " is proved to be better"));
            assertThat(lane.accuracy(TEST)).isGreaterThan(first);
        }
    }

    @Test
    void shouldNotFallFarWhileLabelsAreRandom() {
        try (ClosedLane lane = ClosedLane.untrained(large)) {
            lane.learn(samples(1, 400, 3));
            double before = lane.accuracy(TEST);
            Random random = new Random(3);
            double lowest = 1;
            for (int i = 0; i < 20; i++) {
                lane.learn(relabelled(samples(100 + i, 16, 3), any -> random.nextInt(3)));
                lowest = Math.min(lowest, lane.accuracy(TEST));
            }
            assertThat(lowest).isGreaterThan(before - 0.05);

            lane.learn(samples(2, 400, 3));
            assertThat(lane.accuracy(TEST)).isGreaterThan(before - 0.02);
        }
    }

    @Test
    void shouldReturnToTheFormerVersionWhenANewOneProvesToBeWorse() {
        try (ClosedLane lane = ClosedLane.untrained(large)) {
            // Given: a good version, and then one whose weights have the wrong sign
            lane.learn(samples(1, 192, 3));
            VersionRef good = lane.serving();
            assertThat(lane.publish(negated(lane.champion())).promoted()).isTrue();
            assertThat(lane.serving()).isNotEqualTo(good);

            // When
            LaneStream.learn(lane.learner(), samples(2, 64, 3), 4);
            Verdict verdict = lane.publish(lane.learner().artifact());

            // Then
            assertThat(verdict.promoted()).isFalse();
            assertThat(verdict.isRollback()).isTrue();
            assertThat(verdict.reason())
                    .startsWith("version " + lane.serving().number() + " serves again")
                    .contains("points higher");
            assertThat(lane.accuracy(TEST)).isGreaterThan(0.95);
            assertThat(lane.learn(samples(3, 16, 3)).promoted()).isFalse();
            assertThat(lane.learn(samples(4, 640, 3)).promoted()).isTrue();
        }
    }

    /** The version that served before the change is kept, and serves again when the stream changes back. */
    @ParameterizedTest
    @ValueSource(ints = {0, 24})
    void shouldReturnToTheVersionBeforeAChangeWhenTheStreamChangesBack(int restart) {
        try (ClosedLane lane = ClosedLane.untrained(large.withGuard(new GuardConfig(0, 8)))) {
            // Given: labels that rotate, which the lane follows
            lane.learn(samples(1, 400, 3));
            lane.learn(rotated(samples(2, 320, 3)));
            assertThat(lane.accuracy(rotated(TEST))).isGreaterThan(0.95);
            long last = lane.serving().number();

            // When
            List<Verdict> verdicts = new ArrayList<>();
            for (int i = 0; i < 20 && verdicts.stream().noneMatch(Verdict::isRollback); i++) {
                verdicts.add(lane.learn(samples(10 + i, 16, 3)));
                if (restart > 0 && i % 2 == 1) {
                    lane.restart();
                }
            }

            // Then
            assertThat(verdicts.get(verdicts.size() - 1).isRollback()).isTrue();
            assertThat(verdicts).hasSizeLessThanOrEqualTo(8);
            assertThat(lane.serving().number()).isLessThan(last);
            assertThat(lane.accuracy(TEST)).isGreaterThan(0.95);
        }
    }

    @Test
    void shouldStartFromWhatItsSourceHasLearned() {
        try (ClosedLane source = ClosedLane.untrained(small)) {
            source.learn(samples(1, 200, 3));
            HeadArtifact learned = source.learner().artifact();
            byte[] checkpoint = source.learner().checkpoint();
            try (ClosedLane lane = new ClosedLane(
                    small,
                    LaneLearner.startedFrom(small, LaneStream.goal(small), LaneStream.heads(small), checkpoint))) {
                assertThat(lane.learner().samples()).isZero();
                assertThat(lane.learner().artifact().toBytes()).isEqualTo(learned.toBytes());

                lane.learn(samples(2, 64, 3));

                assertThat(lane.accuracy(TEST)).isGreaterThan(0.95);
                assertThat(lane.learner().contenders())
                        .containsKeys("stacked", "logistic-since-change", "uniform-discriminant-recent");
            }
        }
    }

    /** The guard set of a source never changes; without it, nothing speaks for the source but the stream itself. */
    @ParameterizedTest
    @CsvSource({"64, false", "0, true"})
    void shouldContradictItsSourceOnlyWithoutAGuardSet(int guard, boolean follows) {
        AdaptationConfig config = large.withGuard(new GuardConfig(guard, 8));
        try (ClosedLane source = ClosedLane.untrained(config)) {
            source.learn(samples(1, 400, 3));
            byte[] checkpoint = source.learner().checkpoint();
            try (ClosedLane lane = new ClosedLane(
                    config,
                    LaneLearner.startedFrom(config, LaneStream.goal(config), LaneStream.heads(config), checkpoint))) {
                lane.learn(samples(5, 16, 3));
                lane.learn(rotated(samples(2, 320, 3)));

                assertThat(lane.accuracy(rotated(TEST)) > 0.95).isEqualTo(follows);
            }
        }
    }

    @Test
    void shouldRefuseClosedFormsOfHeadsWithHiddenLayers() {
        AdaptationConfig hidden = small.withHead(new HeadConfig(3).withLearns(Learns.CLOSED_FORM));

        assertThatThrownBy(() -> LaneStream.untrained(hidden))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "head.learns closed-form needs one new output layer on frozen features and a task that predicts classes, labels, numbers or tags, but task 'text-classification' with this head has other layers; choose auto or gradient");
    }

    @Test
    void shouldContinueAsItWasLearned() {
        AdaptationConfig gradient = small.withHead(new HeadConfig(0).withLearns(Learns.GRADIENT));
        byte[] byGradient = checkpoint(gradient);
        byte[] closed = checkpoint(small);

        assertThat(contendersOf(small, byGradient)).isEmpty();
        assertThat(contendersOf(small, closed)).isNotEmpty();
        assertThatThrownBy(() -> contendersOf(gradient, closed))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("must stay as it was when the lane was learned, which is auto or closed-form");
    }

    @Test
    void shouldPublishAHeadOfZerosWhenEverythingIsForgotten() {
        Example only = samples(1, 1, 3).get(0);
        try (ClosedLane lane = ClosedLane.untrained(small)) {
            lane.learner().step(List.of(only));
            lane.learner().forget(only);

            assertThat(lane.learner().artifact().parameters().values())
                    .allSatisfy(tensor -> assertThat(tensor.values()).containsOnly(0));
        }
    }

    private static byte[] checkpoint(AdaptationConfig config) {
        try (LaneLearner learner = LaneStream.untrained(config)) {
            LaneStream.learn(learner, samples(1, 20, 3), 4);
            return learner.checkpoint();
        }
    }

    private static Iterable<String> contendersOf(AdaptationConfig config, byte[] checkpoint) {
        try (LaneLearner learner =
                LaneLearner.restored(config, LaneStream.goal(config), LaneStream.heads(config), checkpoint)) {
            learner.step(samples(2, 4, 3));
            return List.copyOf(learner.contenders().keySet());
        }
    }

    private static List<Digest> bytes(LaneLearner learner) {
        return List.of(Digest.of(learner.artifact().toBytes()), Digest.of(learner.checkpoint()));
    }

    private List<String> predicted(ClosedLane lane) {
        try (PublishedHead head = PublishedHead.open(lane.champion(), LaneStream.heads(large))) {
            return head.scored(LaneStream.goal(large), TEST).stream()
                    .map(one -> one.predicted().text())
                    .toList();
        }
    }

    private static List<Example> rotated(List<Example> samples) {
        return relabelled(samples, label -> (label + 1) % 3);
    }

    private static List<Example> relabelled(List<Example> samples, IntUnaryOperator label) {
        return samples.stream()
                .map(one -> LaneStream.example(
                        one.features(),
                        "c" + label.applyAsInt(one.truth().text().charAt(1) - '0')))
                .toList();
    }

    private static HeadArtifact negated(HeadArtifact artifact) {
        Map<String, Tensor.F32> parameters = new HashMap<>();
        artifact.parameters().forEach((name, tensor) -> {
            float[] values = tensor.values().clone();
            for (int i = 0; i < values.length; i++) {
                values[i] = -values[i];
            }
            parameters.put(name, new Tensor.F32(tensor.shape(), values));
        });
        return new HeadArtifact(artifact.baseModel(), artifact.form(), artifact.labels(), parameters);
    }
}
