package io.headwater.adapt;

import static io.headwater.adapt.LaneStream.samples;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.adapt.drift.Drift;
import io.headwater.adapt.drift.DriftLevel;
import io.headwater.adapt.judge.Notice.Kind;
import io.headwater.adapt.judge.Verdict;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.DriftConfig;
import io.headwater.config.DriftConfig.Detector;
import io.headwater.config.DriftConfig.Features;
import io.headwater.config.DriftConfig.Response;
import io.headwater.config.PromotionConfig;
import io.headwater.config.ReplayConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests what a lane does and reports when its stream changes, or when it does not promote what is better. */
class DriftLaneTest {
    private static final String SINCE_CHANGE = "logistic-since-change";
    private static final AdaptationConfig CONFIG = ClosedLane.config(2000);

    /** Larger features change no error, so that only a detector of features can notice them. */
    @ParameterizedTest
    @EnumSource
    void shouldRespondToASignalAsConfigured(Response response) {
        DriftConfig drift = new DriftConfig(List.of(), Features.MMD, 256, Response.REPORT, response);
        try (ClosedLane lane = ClosedLane.untrained(CONFIG.withDrift(drift))) {
            lane.learn(samples(1, 704, 3));
            assertThat(lane.learner().takeDrifts()).isEmpty();

            boolean suspended = false;
            Set<String> contenders = Set.of();
            List<Drift> drifts = new ArrayList<>();
            for (Example larger : larger(samples(2, 256, 3), 2)) {
                Verdict verdict = lane.learn(List.of(larger));
                suspended |= !verdict.promoted();
                contenders = lane.learner().contenders().keySet();
                drifts.addAll(lane.learner().takeDrifts());
            }

            assertThat(drifts).extracting(Drift::detector).containsOnly("feature-mmd");
            assertThat(drifts).extracting(Drift::level).contains(DriftLevel.DRIFT);
            assertThat(contenders.contains(SINCE_CHANGE)).isEqualTo(response != Response.REPORT);
            assertThat(suspended).isEqualTo(response == Response.SUSPEND);
        }
    }

    @Test
    void shouldReportItsOwnTestOfRisingErrors() {
        DriftConfig none = new DriftConfig(List.of(), Features.NONE, 256, Response.REPORT, Response.REPORT);
        try (ClosedLane lane = ClosedLane.untrained(CONFIG.withDrift(none))) {
            lane.learn(samples(1, 400, 3));
            lane.learn(rotated(samples(2, 64, 3)));

            assertThat(lane.learner().takeDrifts())
                    .hasSize(2)
                    .allSatisfy(drift -> {
                        assertThat(drift.detector()).isEqualTo("error-rise");
                        assertThat(drift.level()).isEqualTo(DriftLevel.DRIFT);
                        assertThat(drift.statistic()).isGreaterThanOrEqualTo(drift.threshold());
                        assertThat(drift.from()).isBetween(373L, 440L);
                    })
                    .extracting(Drift::signal)
                    .containsExactlyInAnyOrder("learnerError", "championError");
        }
    }

    @Test
    void shouldLetDetectorsOfErrorsWorkForHeadsThatAreTrainedByGradients() {
        DriftConfig all =
                new DriftConfig(List.of(Detector.values()), Features.MEANS, 0, Response.CONTEND, Response.CONTEND);
        try (LaneLearner lane = LaneStream.untrained(LaneStream.config().withDrift(all))) {
            LaneStream.learn(lane, samples(1, 64, 3), 4);
            lane.promote(lane.artifact());
            LaneStream.learn(lane, samples(2, 800, 3), 4);
            assertThat(lane.takeDrifts())
                    .filteredOn(drift -> drift.level() == DriftLevel.DRIFT)
                    .isEmpty();

            LaneStream.learn(lane, rotated(samples(3, 300, 3)), 4);

            assertThat(lane.takeDrifts())
                    .filteredOn(drift -> drift.level() == DriftLevel.DRIFT)
                    .extracting(Drift::detector)
                    .contains("adwin", "ddm", "page-hinkley", "kswin", "feature-means");
        }
    }

    /** Samples from before a change slow down a head that replays them. */
    @Test
    void shouldReplayNoSamplesFromBeforeAChangeAfterWhichItSuspends() {
        assertThat(accuracyAfterAChange(Response.SUSPEND)).isGreaterThan(accuracyAfterAChange(Response.CONTEND));
    }

    private static double accuracyAfterAChange(Response response) {
        AdaptationConfig config = LaneStream.config()
                .withReplay(new ReplayConfig(400, 16))
                .withDrift(new DriftConfig(List.of(Detector.ADWIN), Features.NONE, 256, Response.REPORT, response));
        try (LaneLearner lane = LaneStream.untrained(config)) {
            LaneStream.learn(lane, samples(1, 400, 3), 4);
            LaneStream.learn(lane, rotated(samples(2, 56, 3)), 4);

            return ClosedLane.accuracy(config, lane.artifact(), rotated(samples(99, 400, 3)));
        }
    }

    @Test
    void shouldReportThatAHeldLaneDoesNotPromoteWhatIsBetter() {
        AdaptationConfig config = CONFIG.withPromotion(PromotionConfig.DEFAULT.withStalledAfter(200));
        try (LaneLearner lane = LaneStream.untrained(config)) {
            LaneStream.learn(lane, samples(1, 4, 3), 4);
            lane.promote(lane.artifact());

            LaneStream.learn(lane, samples(2, 196, 3), 4);
            assertThat(lane.promoteIfBetter(lane.artifact(), true).promoted()).isFalse();
            assertThat(lane.takeNotices()).isEmpty();
            LaneStream.learn(lane, samples(3, 4, 3), 4);

            assertThat(lane.takeNotices()).singleElement().satisfies(notice -> {
                assertThat(notice.kind()).isEqualTo(Kind.STALLED);
                assertThat(notice.samples()).isEqualTo(200);
            });
        }
    }

    /** The guard set of a source refuses what contradicts it, until enough samples of the same classes have come. */
    @Test
    void shouldContradictItsSourceWhenTheVetoHasLasted() {
        try (ClosedLane source = ClosedLane.untrained(CONFIG)) {
            source.learn(samples(1, 4800, 3));
            byte[] checkpoint = source.learner().checkpoint();
            try (ClosedLane lane = new ClosedLane(
                    CONFIG,
                    LaneLearner.startedFrom(CONFIG, LaneStream.goal(CONFIG), LaneStream.heads(CONFIG), checkpoint))) {
                List<Example> after = rotated(samples(99, 400, 3));
                lane.learn(samples(5, 16, 3));
                lane.learn(rotated(samples(2, 1984, 3)));
                assertThat(lane.accuracy(after)).isLessThan(0.5);
                assertThat(lane.learner().takeNotices()).isEmpty();

                lane.learn(rotated(samples(3, 320, 3)));

                assertThat(lane.accuracy(after)).isGreaterThan(0.95);
                assertThat(lane.learner().takeNotices()).singleElement().satisfies(notice -> {
                    assertThat(notice.kind()).isEqualTo(Kind.VETOED);
                    assertThat(notice.text()).contains("the guard set has refused better contenders for 20");
                });
            }
        }
    }

    /** Of classes that do not come, the stream says nothing, so that the guard set keeps speaking for them. */
    @Test
    void shouldNotForgetClassesThatDoNotComeForLong() {
        List<Example> sorted = new ArrayList<>(samples(1, 4500, 3));
        sorted.sort(Comparator.comparing(one -> one.truth().text()));
        try (ClosedLane lane = ClosedLane.untrained(CONFIG)) {
            lane.learn(sorted);

            assertThat(lane.accuracy(samples(99, 400, 3))).isGreaterThan(0.95);
        }
    }

    private static List<Example> larger(List<Example> samples, float factor) {
        return samples.stream()
                .map(one -> {
                    float[] features = one.features().clone();
                    for (int i = 0; i < features.length; i++) {
                        features[i] *= factor;
                    }
                    return LaneStream.example(features, one.truth().text());
                })
                .toList();
    }

    private static List<Example> rotated(List<Example> samples) {
        return samples.stream()
                .map(one -> LaneStream.example(
                        one.features(), "c" + (one.truth().text().charAt(1) - '0' + 1) % 3))
                .toList();
    }
}
