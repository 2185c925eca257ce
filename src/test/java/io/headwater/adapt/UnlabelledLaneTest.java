package io.headwater.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.adapt.judge.Verdict;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.ConfigurationException;
import io.headwater.config.HeadConfig.Learns;
import io.headwater.config.TrainingConfig.UnlabelledUse;
import io.headwater.domain.VersionRef;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Tests a lane that uses samples without a label. */
class UnlabelledLaneTest {
    private static final AdaptationConfig PLAIN = ClosedLane.config(200);
    private static final List<Example> TEST = moved(LaneStream.samples(99, 400, 3));

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "IGNORE")
    void shouldFitAnotherDomainWithoutAnyLabel(UnlabelledUse use) {
        try (ClosedLane source = source();
                ClosedLane lane = startedFrom(source, with(use))) {
            double before = ClosedLane.accuracy(PLAIN, source.champion(), TEST);
            lane.learner().restoreChampion(source.champion());
            observe(lane.learner(), moved(LaneStream.samples(5, 200, 3)));

            Verdict verdict = lane.publish(lane.learner().artifact());

            assertThat(lane.accuracy(TEST)).isGreaterThan(before + 0.2).isGreaterThan(0.9);
            assertThat(verdict.promoted()).isTrue();
            assertThat(verdict.reason()).contains("200 samples without a label");
            assertThat(lane.learner().leader())
                    .contains(
                            switch (use) {
                                case IGNORE, ALIGN -> "aligned";
                                case SELF_TRAIN -> "self-trained";
                                case PROPAGATE -> "propagated";
                            });
            assertThat(lane.learner().samples()).isZero();
        }
    }

    /** Samples without a label that say nothing of those that come with one. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "IGNORE")
    void shouldLetLabelsDecide(UnlabelledUse use) {
        List<Example> test = LaneStream.samples(98, 400, 3);
        try (ClosedLane source = source();
                ClosedLane lane = startedFrom(source, with(use))) {
            lane.learner().restoreChampion(source.champion());
            List<Example> misleading = new ArrayList<>(moved(LaneStream.samples(5, 300, 3)));
            misleading.removeIf(one -> one.truth().text().equals("c0"));
            observe(lane.learner(), misleading);
            lane.publish(lane.learner().artifact());
            double misled = lane.accuracy(test);

            lane.learn(LaneStream.samples(6, 160, 3));

            assertThat(misled).isLessThan(0.8);
            assertThat(lane.accuracy(test)).isGreaterThan(0.95);
        }
    }

    /** Two samples of one domain: there is nothing to gain, and nothing may be lost. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "IGNORE")
    void shouldServeWhatLabelsAloneTeachWhereTheDomainIsThatOfTheSource(UnlabelledUse use) {
        try (ClosedLane source = source();
                ClosedLane plain = startedFrom(source, PLAIN);
                ClosedLane lane = startedFrom(source, with(use))) {
            plain.learner().restoreChampion(source.champion());
            lane.learner().restoreChampion(source.champion());
            observe(lane.learner(), LaneStream.samples(5, 200, 3));

            Verdict verdict = lane.publish(lane.learner().artifact());

            assertThat(verdict.reason()).contains("'stacked'");
            assertThat(lane.champion().toBytes()).isEqualTo(source.champion().toBytes());
            for (int labels = 0; labels < 96; labels += 16) {
                List<Example> samples = LaneStream.samples(6, 96, 3).subList(labels, labels + 16);
                plain.learn(samples);
                lane.learn(samples);
                assertThat(lane.champion().toBytes()).isEqualTo(plain.champion().toBytes());
            }
        }
    }

    /** The samples without a label say nothing of those with one, of which labels alone soon know more. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "IGNORE")
    void shouldServeWhatLabelsAloneTeachAsSoonAsThatIsAsGood(UnlabelledUse use) {
        try (ClosedLane source = source();
                ClosedLane plain = startedFrom(source, PLAIN);
                ClosedLane lane = startedFrom(source, with(use))) {
            plain.learner().restoreChampion(source.champion());
            lane.learner().restoreChampion(source.champion());
            observe(lane.learner(), moved(LaneStream.samples(5, 300, 3)));
            lane.publish(lane.learner().artifact());
            assertThat(lane.champion().aligned()).isTrue();

            plain.learn(LaneStream.samples(6, 16, 3));
            lane.learn(LaneStream.samples(6, 16, 3));

            assertThat(lane.champion().toBytes()).isEqualTo(plain.champion().toBytes());
        }
    }

    /** With the first labels, such a version may be better than those after it; soon, these know more. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "IGNORE")
    void shouldNotReturnToAVersionThatUsedSamplesWithoutALabel(UnlabelledUse use) {
        try (ClosedLane source = source();
                ClosedLane lane = startedFrom(source, with(use))) {
            lane.learner().restoreChampion(source.champion());
            observe(lane.learner(), moved(LaneStream.samples(5, 200, 3)));
            lane.publish(lane.learner().artifact());
            VersionRef aligned = lane.serving();
            lane.learn(LaneStream.samples(6, 16, 3));
            assertThat(lane.champion().aligned()).isFalse();

            for (int from = 0; from < 96; from += 16) {
                lane.learn(moved(LaneStream.samples(7, 96, 3)).subList(from, from + 16));
                assertThat(lane.serving()).isNotEqualTo(aligned);
            }
        }
    }

    /** After a change, the lane has begun anew, and remembers samples that it does not learn from any more. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "IGNORE")
    void shouldUseSamplesWithoutALabelAfterAChange(UnlabelledUse use) {
        try (ClosedLane source = source();
                ClosedLane lane = startedFrom(source, with(use))) {
            lane.learner().restoreChampion(source.champion());
            lane.learn(LaneStream.samples(6, 16, 3));
            lane.learn(moved(LaneStream.samples(7, 96, 3)));
            observe(lane.learner(), moved(LaneStream.samples(5, 200, 3)));

            lane.learn(moved(LaneStream.samples(8, 16, 3)));

            assertThat(lane.accuracy(TEST)).isGreaterThan(0.9);
        }
    }

    /** A contender that leads because there were no labels must not hold back what the first ones say. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "IGNORE")
    void shouldLearnFromTheFirstLabelsOfTheDomain(UnlabelledUse use) {
        List<Example> test = turned(LaneStream.samples(97, 400, 3));
        try (ClosedLane source = source();
                ClosedLane lane = startedFrom(source, with(use))) {
            lane.learner().restoreChampion(source.champion());
            observe(lane.learner(), turned(LaneStream.samples(5, 200, 3)));
            lane.publish(lane.learner().artifact());
            double without = lane.accuracy(test);

            lane.learn(turned(LaneStream.samples(6, 48, 3)));

            assertThat(lane.accuracy(test)).isGreaterThan(without + 0.1).isGreaterThan(0.8);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "IGNORE")
    void shouldContinueBitForBitFromACheckpoint(UnlabelledUse use) {
        try (ClosedLane source = source();
                ClosedLane undisturbed = startedFrom(source, with(use));
                ClosedLane restarted = startedFrom(source, with(use))) {
            for (ClosedLane lane : List.of(undisturbed, restarted)) {
                lane.learner().restoreChampion(source.champion());
                observe(lane.learner(), moved(LaneStream.samples(5, 40, 3)));
                lane.publish(lane.learner().artifact());
            }
            restarted.restart();
            assertThat(restarted.learner().checkpoint())
                    .isEqualTo(undisturbed.learner().checkpoint());
            for (ClosedLane lane : List.of(undisturbed, restarted)) {
                observe(lane.learner(), moved(LaneStream.samples(7, 30, 3)));
                lane.learn(moved(LaneStream.samples(8, 32, 3)));
            }

            assertThat(restarted.champion().toBytes())
                    .isEqualTo(undisturbed.champion().toBytes());
            assertThat(restarted.learner().checkpoint())
                    .isEqualTo(undisturbed.learner().checkpoint());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldLearnTheSameFromLabelsWhileThereAreNoOthers(UnlabelledUse use) {
        try (ClosedLane plain = ClosedLane.untrained(PLAIN);
                ClosedLane lane = ClosedLane.untrained(with(use))) {
            plain.learn(LaneStream.samples(1, 208, 3));
            lane.learn(LaneStream.samples(1, 208, 3));

            assertThat(lane.champion().toBytes()).isEqualTo(plain.champion().toBytes());
        }
    }

    /** A configuration may change between two runs of a trainer. */
    @Test
    void shouldContinueWhenTheUseChanges() {
        try (ClosedLane source = source();
                ClosedLane lane = startedFrom(source, with(UnlabelledUse.ALIGN))) {
            lane.learner().restoreChampion(source.champion());
            observe(lane.learner(), moved(LaneStream.samples(5, 60, 3)));
            lane.publish(lane.learner().artifact());
            byte[] checkpoint = lane.learner().checkpoint();

            for (UnlabelledUse use : UnlabelledUse.values()) {
                AdaptationConfig config = with(use);
                try (LaneLearner other =
                        LaneLearner.restored(config, LaneStream.goal(config), LaneStream.heads(config), checkpoint)) {
                    observe(other, moved(LaneStream.samples(7, 30, 3)));
                    HeadArtifact artifact = other.artifact();
                    LaneStream.learn(other, moved(LaneStream.samples(8, 16, 3)), 4);

                    assertThat(ClosedLane.accuracy(config, artifact, TEST))
                            .as("%s", use)
                            .satisfies(accuracy -> assertThat(accuracy > 0.9).isEqualTo(use != UnlabelledUse.IGNORE));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "IGNORE")
    void shouldForgetSamplesWithoutALabel(UnlabelledUse use) {
        List<Example> kept = moved(LaneStream.samples(5, 60, 3));
        List<Example> forgotten = moved(LaneStream.samples(6, 10, 3));
        try (ClosedLane source = source();
                ClosedLane forgetful = startedFrom(source, with(use));
                ClosedLane other = startedFrom(source, with(use))) {
            observe(forgetful.learner(), forgotten);
            observe(forgetful.learner(), kept);
            forgetful.learner().artifact();
            forgotten.forEach(one -> assertThat(
                            forgetful.learner().forget(unlabelled(one)).remaining())
                    .isEmpty());
            observe(other.learner(), kept);

            assertThat(forgetful.learner().artifact().toBytes())
                    .isEqualTo(other.learner().artifact().toBytes());
        }
    }

    @Test
    void shouldRefuseAHeadThatIsTrainedByGradients() {
        assertThatThrownBy(() -> PLAIN.withHead(PLAIN.head().withLearns(Learns.GRADIENT))
                        .withTraining(PLAIN.training().withUnlabelled(UnlabelledUse.ALIGN)))
                .isInstanceOfAny(IllegalArgumentException.class, ConfigurationException.class)
                .hasMessageContaining("training.unlabelled must be ignore")
                .hasMessageContaining("head.learns gradient");
    }

    private static AdaptationConfig with(UnlabelledUse use) {
        return PLAIN.withTraining(PLAIN.training().withUnlabelled(use));
    }

    private static ClosedLane source() {
        ClosedLane source = ClosedLane.untrained(PLAIN);
        source.learn(LaneStream.samples(1, 160, 3));
        return source;
    }

    private static ClosedLane startedFrom(ClosedLane source, AdaptationConfig config) {
        return new ClosedLane(
                config,
                LaneLearner.startedFrom(
                        config,
                        LaneStream.goal(config),
                        LaneStream.heads(config),
                        source.learner().checkpoint()));
    }

    private static void observe(LaneLearner learner, List<Example> samples) {
        samples.forEach(sample -> learner.observeUnlabelled(unlabelled(sample)));
    }

    private static Example unlabelled(Example sample) {
        return Example.unlabelled(sample.view(), sample.features());
    }

    /** Returns samples of which half of the features say something else, which no mean or deviation tells. */
    private static List<Example> turned(List<Example> samples) {
        return samples.stream()
                .map(sample -> {
                    float[] features = sample.features().clone();
                    int half = features.length / 2;
                    for (int i = 0; i < half; i++) {
                        features[i] = sample.features()[half - 1 - i];
                    }
                    return LaneStream.example(features, sample.truth().text());
                })
                .toList();
    }

    /** Returns samples as another device would measure them. */
    private static List<Example> moved(List<Example> samples) {
        return samples.stream()
                .map(sample -> {
                    float[] features = sample.features().clone();
                    for (int i = 0; i < features.length; i++) {
                        features[i] = 0.4f * features[i] + (i % 3 == 0 ? 2 : 0);
                    }
                    return LaneStream.example(features, sample.truth().text());
                })
                .toList();
    }
}
