package io.headwater.adapt;

import static io.headwater.adapt.LaneStream.config;
import static io.headwater.adapt.LaneStream.learn;
import static io.headwater.adapt.LaneStream.samples;
import static io.headwater.adapt.LaneStream.untrained;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.adapt.judge.ScorePair;
import io.headwater.adapt.judge.Verdict;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.ConfigurationException;
import io.headwater.config.GuardConfig;
import io.headwater.config.HeadConfig;
import io.headwater.config.LimitsConfig;
import io.headwater.config.OptimiserConfig;
import io.headwater.config.OptimiserConfig.Schedule;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.config.ReplayConfig;
import io.headwater.config.TrainingConfig;
import io.headwater.config.TrainingConfig.ClassWeights;
import io.headwater.domain.Label;
import io.headwater.domain.Limits;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.Head;
import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.Tensor;
import io.headwater.task.Answer;
import io.headwater.task.PayloadView;
import io.headwater.task.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LaneLearnerTest {

    @Test
    void shouldScoreASampleBeforeItLearnsFromIt() {
        try (LaneLearner learner = untrained(config())) {
            StepReport first = learner.step(samples(1, 4, 2));
            assertThat(first.scores()).allSatisfy(one -> {
                assertThat(one.champion()).isNull();
                assertThat(one.challenger()).isNull();
            });

            learn(learner, samples(2, 200, 2), 4);
            learner.promote(learner.artifact());
            StepReport later = learner.step(samples(3, 4, 2));
            assertThat(later.scores()).allSatisfy(one -> {
                assertThat(one.championScore()).isEqualTo(1);
                assertThat(one.challengerScore()).isEqualTo(1);
            });
            assertThat(recent(learner)).isEqualTo(new ScorePair(4, 1, 1));
        }
    }

    @Test
    void shouldForgetASampleInItsMemoryAndSayWhatStillDependsOnIt() {
        List<Example> batch = samples(1, 8, 2);
        try (LaneLearner learner = untrained(config())) {
            learner.step(batch);
            assertThat(learner.forget(batch.get(3)).removed()).hasSize(1);
            Forgotten again = learner.forget(batch.get(3));
            assertThat(again.removed()).isEmpty();
            assertThat(again.remaining()).singleElement().asString().contains("gradient");
        }
    }

    @Test
    void shouldNotChangeWhenItOnlyScores() {
        try (LaneLearner learner = untrained(config())) {
            learn(learner, samples(1, 40, 2), 4);
            learner.promote(learner.artifact());
            byte[] before = learner.checkpoint();
            learner.validate(example("new"));
            assertThat(learner.score(samples(3, 8, 3))).hasSize(8);
            assertThat(learner.checkpoint()).isEqualTo(before);
        }
    }

    @Test
    void shouldLearn() {
        try (LaneLearner learner = untrained(config())) {
            learn(learner, samples(1, 400, 3), 4);

            assertThat(accuracy(learner.artifact(), samples(9, 200, 3))).isGreaterThan(0.95);
        }
    }

    @Test
    void shouldKeepTheOldLogitsWhenAClassAppears() {
        try (LaneLearner learner = untrained(config())) {
            // Given: two classes, then one sample of a third class that is admitted but not trained on
            learn(learner, samples(1, 40, 2), 4);
            HeadArtifact before = learner.artifact();

            // When
            assertThat(learner.admit(example("new"))).isInstanceOf(Outcome.Ok.class);
            HeadArtifact after = learner.artifact();

            // Then: old columns keep their bits, the new one is zero
            assertThat(after.labels())
                    .containsExactly(before.labels().get(0), before.labels().get(1), "new");
            for (String name : before.parameters().keySet()) {
                Tensor.F32 was = Objects.requireNonNull(before.parameters().get(name));
                Tensor.F32 is = Objects.requireNonNull(after.parameters().get(name));
                assertThat(is).isNotNull();
                for (int i = 0; i < is.values().length; i++) {
                    float expected = i % 3 == 2 ? 0 : was.values()[2 * (i / 3) + i % 3];
                    assertThat(is.values()[i]).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void shouldLearnFromASampleOfTheGuardSetOnlyWhenItLeaves() {
        // Given: two streams whose classes alternate, and which differ in the fourth sample of each class
        List<Example> one = alternating(8);
        List<Example> other = new ArrayList<>(one);
        for (int i : new int[] {6, 7}) {
            other.set(
                    i,
                    LaneStream.example(
                            new float[LaneStream.WIDTH], one.get(i).truth().text()));
        }
        try (LaneLearner a = untrained(config());
                LaneLearner b = untrained(config())) {
            learn(a, one, 4);
            learn(b, other, 4);

            assertThat(a.artifact().toBytes()).isEqualTo(b.artifact().toBytes());
            assertThat(guardFeatures(a)).hasSize(2 * LaneStream.WIDTH).isNotEqualTo(guardFeatures(b));

            // When: the set has four samples of each class, and the first ones have left it
            learn(a, alternating(32), 4);
            learn(b, alternating(32), 4);

            // Then
            assertThat(guardFeatures(a)).hasSize(8 * LaneStream.WIDTH).isEqualTo(guardFeatures(b));
            assertThat(a.artifact().toBytes()).isNotEqualTo(b.artifact().toBytes());
        }
    }

    private static List<Example> alternating(int count) {
        List<Example> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] features = new float[LaneStream.WIDTH];
            features[i % 2] = 1 + i;
            samples.add(LaneStream.example(features, "c" + i % 2));
        }
        return samples;
    }

    @Test
    void shouldStartAnotherLaneWithWeightsMemoryAndGuardSetButNoHistory() {
        try (LaneLearner source = untrained(config())) {
            // Given
            learn(source, samples(1, 60, 2), 4);
            source.promote(source.artifact());
            learn(source, samples(2, 8, 2), 4);

            // When
            try (LaneLearner started = LaneLearner.startedFrom(
                    config(), LaneStream.goal(config()), LaneStream.heads(config()), source.checkpoint())) {
                // Then
                assertThat(started.artifact().toBytes())
                        .isEqualTo(source.artifact().toBytes());
                assertThat(tensor(started, "memory/replay/features"))
                        .isEqualTo(tensor(source, "memory/replay/features"));
                assertThat(started.samples()).isZero();
                assertThat(tensor(started, "champion/window")).isEmpty();
                assertThat(started.promoteIfBetter(started.artifact(), false)).matches(Verdict::servesPublished);

                learn(started, samples(3, 40, 2), 4);
                assertThat(started.samples()).isEqualTo(40);
                assertThat(guardFeatures(started)).isEqualTo(guardFeatures(source));
            }
        }
    }

    @Test
    void shouldHoldAStartedLaneToTheGuardSetOfItsSource() {
        try (LaneLearner source = untrained(config())) {
            learn(source, samples(1, 200, 2), 4);
            HeadArtifact champion = source.artifact();
            try (LaneLearner started = LaneLearner.startedFrom(
                    config(), LaneStream.goal(config()), LaneStream.heads(config()), source.checkpoint())) {
                // When: the other domain has the opposite labels
                started.restoreChampion(champion);
                learn(started, swapped(samples(2, 200, 2)), 4);

                // Then
                Verdict verdict = started.promoteIfBetter(started.artifact(), false);
                assertThat(verdict.guard().samples()).isEqualTo(8);
                assertThat(verdict.guard().champion()).isEqualTo(1.0);
                assertThat(verdict.guard().challenger()).isLessThan(0.5);
                assertThat(verdict.recent().challenger())
                        .isGreaterThan(verdict.recent().champion());
                assertThat(verdict.promoted()).isFalse();
                assertThat(verdict.reason()).contains("on the guard set");
            }
        }
    }

    @Test
    void shouldCompareAnewOnceAnotherVersionServes() {
        try (LaneLearner learner = untrained(config())) {
            learn(learner, samples(1, 40, 2), 4);
            assertThat(learner.promoteIfBetter(learner.artifact(), false)).matches(Verdict::servesPublished);
            learn(learner, samples(2, 8, 2), 4);
            assertThat(recent(learner).samples()).isEqualTo(8);
            assertThat(learner.promoteIfBetter(learner.artifact(), true).reason())
                    .contains("held");
            learner.promote(learner.artifact());
            assertThat(recent(learner).samples()).isZero();
        }
    }

    @Test
    void shouldOpenOneHeadAndRunTwoPassesToDecideOnAVersion() {
        CountingHeads heads = new CountingHeads(LaneStream.heads(config()));
        try (LaneLearner learner = LaneLearner.untrained(config(), LaneStream.goal(config()), LaneStream.BASE, heads)) {
            // Given: a champion and all held-out samples
            learn(learner, samples(1, 80, 2), 4);
            learner.promote(learner.artifact());
            learn(learner, samples(2, 200, 2), 4);
            HeadArtifact challenger = learner.artifact();
            int opened = heads.opened();
            int passes = heads.passes();

            // When
            Verdict verdict = learner.promoteIfBetter(challenger, false);

            // Then: the challenger is opened once and serves, and both were scored on the held-out samples once
            assertThat(verdict.promoted()).isTrue();
            assertThat(verdict.guard().samples()).isEqualTo(8);
            assertThat(heads.opened() - opened).isEqualTo(1);
            assertThat(heads.passes() - passes).isEqualTo(2);
        }
    }

    @Test
    void shouldOpenNoHeadWhileAPersonHoldsTheLane() {
        CountingHeads heads = new CountingHeads(LaneStream.heads(config()));
        try (LaneLearner learner = LaneLearner.untrained(config(), LaneStream.goal(config()), LaneStream.BASE, heads)) {
            learn(learner, samples(1, 80, 2), 4);
            learner.promote(learner.artifact());
            HeadArtifact challenger = learner.artifact();
            int opened = heads.opened();
            int passes = heads.passes();

            assertThat(learner.promoteIfBetter(challenger, true).promoted()).isFalse();

            assertThat(heads.opened()).isEqualTo(opened);
            assertThat(heads.passes()).isEqualTo(passes);
        }
    }

    @Test
    void shouldRefuseAClassBeyondTheLimit() {
        AdaptationConfig two = LaneStream.with(
                HeadConfig.DEFAULT,
                TrainingConfig.DEFAULT,
                GuardConfig.DEFAULT,
                new LimitsConfig(1000, 1000, 1000, 1000, 60, 2));
        try (LaneLearner learner = untrained(two)) {
            assertThat(learner.admit(example("a"))).isInstanceOf(Outcome.Ok.class);
            assertThat(learner.admit(example("b"))).isInstanceOf(Outcome.Ok.class);
            assertThat(learner.admit(example("a"))).isInstanceOf(Outcome.Ok.class);

            assertThat(learner.admit(example("c"))).isInstanceOfSatisfying(Outcome.Rejected.class, rejected -> {
                assertThat(rejected.rejection().reason()).isEqualTo(Reason.BAD_LABEL);
                assertThat(rejected.rejection().message()).contains("'c'", "class 3", "limits.classes", "2");
            });
            assertThat(learner.labels()).containsExactly("a", "b");
        }
    }

    /** A version and a prediction contain the names of all classes. */
    @Test
    void shouldRefuseAClassWhoseNameMakesEventsTooLarge() {
        AdaptationConfig many = LaneStream.with(
                HeadConfig.DEFAULT,
                TrainingConfig.DEFAULT,
                GuardConfig.DEFAULT,
                new LimitsConfig(1000, 1000, 1000, 1000, 60, 100_000));
        try (LaneLearner learner = untrained(many)) {
            String long600 = "語".repeat(195);
            int fit = Limits.ALL_NAMES_BYTES / Limits.bytes(long600 + "10000");
            for (int i = 0; i < fit; i++) {
                assertThat(learner.admit(example(long600 + (10_000 + i)))).isInstanceOf(Outcome.Ok.class);
            }

            assertThat(learner.admit(example(long600 + "99999")))
                    .isInstanceOfSatisfying(Outcome.Rejected.class, rejected -> {
                        assertThat(rejected.rejection().reason()).isEqualTo(Reason.BAD_LABEL);
                        assertThat(rejected.rejection().message()).contains("they may have 1048576 together");
                    });
        }
    }

    @Test
    void shouldStandUpForARareClassWhenWeightsAreBalanced() {
        // Given: one sample in twenty is of the rare class, in the same place as the common one
        List<Example> stream = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            stream.add(LaneStream.example(new float[] {1, 0, 0, 0, 0, 0}, i % 20 == 10 ? "rare" : "common"));
        }

        // When / Then: unweighted, the common class wins; balanced, both are about as probable
        assertThat(rareProbability(stream, ClassWeights.NONE)).isLessThan(0.2);
        assertThat(rareProbability(stream, ClassWeights.BALANCED)).isCloseTo(0.5, within(0.2));
    }

    @Test
    void shouldAimAtSmoothedTargets() {
        // Given: samples that all have the same class; its optimal probability is then 1 - smoothing / 2
        TrainingConfig smoothed = new TrainingConfig(4, 0.1, 0.4, ClassWeights.NONE, 3);
        List<Example> stream = new ArrayList<>();
        for (int i = 0; i < 800; i++) {
            stream.add(
                    i % 2 == 0
                            ? LaneStream.example(new float[] {1, 0, 0, 0, 0, 0}, "a")
                            : LaneStream.example(new float[] {0, 1, 0, 0, 0, 0}, "b"));
        }

        // When
        try (LaneLearner learner = untrained(LaneStream.with(HeadConfig.DEFAULT, smoothed))) {
            learn(learner, stream, 4);

            // Then
            try (Head head = learner.artifact().open(LaneStream.heads(config()))) {
                float[] predicted =
                        head.probabilities(new float[][] {stream.get(0).features()})[0];
                assertThat(predicted[0]).isCloseTo(0.8f, within(0.02f));
            }
        }
    }

    @Test
    void shouldGoOnAtTheLearningRateThatIsConfiguredNow() {
        try (LaneLearner learner = untrained(config())) {
            learn(learner, samples(1, 40, 2), 4);
            TrainingConfig slow = new TrainingConfig(4, 1e-6, 0.1, ClassWeights.BALANCED, 3);
            AdaptationConfig slowly = LaneStream.with(HeadConfig.DEFAULT, slow);
            try (LaneLearner slower = LaneLearner.restored(
                    slowly, LaneStream.goal(slowly), LaneStream.heads(slowly), learner.checkpoint())) {
                learn(slower, samples(2, 4, 2), 4);

                float[] before = output(learner);
                float[] after = output(slower);
                for (int i = 0; i < before.length; i++) {
                    assertThat(after[i]).isCloseTo(before[i], within(1e-5f));
                }
            }
        }
    }

    @Test
    void shouldRefuseToGoOnWithAHeadOfAnotherForm() {
        try (LaneLearner learner = untrained(config())) {
            learn(learner, samples(1, 8, 2), 4);
            byte[] checkpoint = learner.checkpoint();
            AdaptationConfig wider = LaneStream.with(new HeadConfig(5), config().training());

            assertThatThrownBy(() ->
                            LaneLearner.restored(wider, LaneStream.goal(wider), LaneStream.heads(wider), checkpoint))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("head.hidden")
                    .hasMessageContaining("5")
                    .hasMessageContaining("new name");
        }
    }

    @Test
    void shouldRefuseToGoOnWithAnotherUpdater() {
        try (LaneLearner learner = untrained(config())) {
            learn(learner, samples(1, 8, 2), 4);
            byte[] checkpoint = learner.checkpoint();
            OptimiserConfig sgd = new OptimiserConfig(Updater.SGD, 0.9, 0, Schedule.CONSTANT, 0, 1, 0, 0.1, 1, 0);

            assertThatThrownBy(() -> LaneLearner.restored(
                            config().withOptimiser(sgd),
                            LaneStream.goal(config()),
                            LaneStream.heads(config().withOptimiser(sgd)),
                            checkpoint))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("optimiser.updater must stay")
                    .hasMessageContaining("adam.m/output/W")
                    .hasMessageContaining("is sgd; give the adaptation a new name");
        }
    }

    private static double rareProbability(List<Example> stream, ClassWeights weights) {
        TrainingConfig training = new TrainingConfig(20, 0.05, 0, weights, 3);
        AdaptationConfig noReplay = withoutReplay(
                LaneStream.with(HeadConfig.DEFAULT, training, new GuardConfig(0, 2), LimitsConfig.DEFAULT));
        try (LaneLearner learner = untrained(noReplay)) {
            learn(learner, stream, 20);
            learn(learner, stream, 20);
            try (Head head = learner.artifact().open(LaneStream.heads(config()))) {
                float[] predicted =
                        head.probabilities(new float[][] {stream.get(0).features()})[0];
                return predicted[learner.labels().indexOf("rare")];
            }
        }
    }

    private static AdaptationConfig withoutReplay(AdaptationConfig config) {
        return config.withReplay(new ReplayConfig(0, 0));
    }

    private static List<Example> swapped(List<Example> samples) {
        return samples.stream()
                .map(one ->
                        LaneStream.example(one.features(), one.truth().text().equals("c0") ? "c1" : "c0"))
                .toList();
    }

    private static double accuracy(HeadArtifact artifact, List<Example> samples) {
        try (PublishedHead published = PublishedHead.open(artifact, LaneStream.heads(config()))) {
            List<Answer> predicted = published.predictions(
                    LaneStream.goal(config()),
                    samples.stream().map(Example::features).toArray(float[][]::new));
            int right = 0;
            for (int i = 0; i < predicted.size(); i++) {
                right += predicted
                                .get(i)
                                .label(samples.get(i).view())
                                .equals(samples.get(i).truth())
                        ? 1
                        : 0;
            }
            return (double) right / predicted.size();
        }
    }

    private static Example example(String name) {
        return new Example(
                PayloadView.of(new Payload.Text(name)), new Label.ClassLabel(name), new float[2], named(name));
    }

    private static Target named(String name) {
        return Target.of(List.of(name));
    }

    /** Returns the scores of a held lane; it promotes nothing, so the call does not change it. */
    private static ScorePair recent(LaneLearner learner) {
        return learner.promoteIfBetter(learner.artifact(), true).recent();
    }

    private static float[] guardFeatures(LaneLearner learner) {
        return tensor(learner, "memory/held-out/features");
    }

    private static float[] output(LaneLearner learner) {
        return tensor(learner, "contenders/gradient/head/output/W");
    }

    private static float[] tensor(LaneLearner learner, String name) {
        return Safetensors.read(learner.checkpoint()).floats(name).values();
    }
}
