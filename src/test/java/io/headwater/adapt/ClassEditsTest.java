package io.headwater.adapt;

import static io.headwater.adapt.LaneStream.samples;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.headwater.adapt.LaneClasses.LaneClass;
import io.headwater.adapt.state.Checkpoints;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.HeadConfig;
import io.headwater.config.HeadConfig.Learns;
import io.headwater.domain.Digest;
import io.headwater.domain.Label;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import io.headwater.task.ScoredPrediction;
import io.headwater.task.Target;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that classes of a lane can be merged, removed and restored. */
class ClassEditsTest {
    private final AdaptationConfig config = ClosedLane.config(40);
    private final AdaptationConfig gradient = config.withHead(new HeadConfig(0).withLearns(Learns.GRADIENT));

    /** The replay memory may have all samples, some or none. */
    @ParameterizedTest
    @ValueSource(ints = {2000, 8, 0})
    void shouldHaveTheSumsOfALaneThatSawOneClass(int capacity) {
        AdaptationConfig some = ClosedLane.config(capacity);
        List<Example> all = samples(1, 200, 3);
        try (LaneLearner lane = learned(some, all);
                LaneLearner one = learned(some, as(all, "c2", "c0"))) {
            assertThat(ok(lane.mergeLabel("c2", "c0"))).isEmpty();

            assertThat(digest(lane)).isEqualTo(digest(one));
            assertThat(lane.artifact().labels()).containsExactly("c0", "c1");

            // And later samples of both classes are of the one
            List<Example> later = samples(2, 60, 3);
            LaneStream.learn(lane, later, 4);
            LaneStream.learn(one, as(later, "c2", "c0"), 4);
            assertThat(digest(lane)).isEqualTo(digest(one));
            assertThat(classes(lane))
                    .extracting(LaneClass::name, LaneClass::into)
                    .contains(tuple("c2", "c0"));
        }
    }

    @Test
    void shouldPredictTheClassThatAnotherWasMergedInto() {
        List<Example> later = samples(9, 300, 3);
        try (LaneLearner lane = learned(config, samples(1, 300, 3));
                LaneLearner one = learned(config, as(samples(1, 300, 3), "c2", "c0"))) {
            lane.mergeLabel("c2", "c0");

            List<Example> meant = as(later, "c2", "c0");
            assertThat(predicted(lane.artifact(), meant))
                    .containsOnly("c0", "c1")
                    .hasSameSizeAs(meant);
            assertThat(ClosedLane.accuracy(config, lane.artifact(), meant))
                    .isGreaterThan(ClosedLane.accuracy(config, one.artifact(), meant) - 0.02);
        }
    }

    /** A class that was merged before follows the one that it was merged into. */
    @Test
    void shouldMergeAgain() {
        AdaptationConfig open = config.withLabels(List.of());
        List<Example> all = samples(1, 240, 4);
        try (LaneLearner lane = learned(open, all)) {
            ok(lane.mergeLabel("c3", "c2"));
            ok(lane.mergeLabel("c2", "c0"));

            assertThat(classes(lane))
                    .filteredOn(one -> !one.into().isEmpty())
                    .allMatch(one -> one.into().equals("c0"))
                    .hasSize(2);
            assertThat(lane.artifact().labels()).containsExactlyInAnyOrder("c0", "c1");
            assertThat(refusal(lane.mergeLabel("c3", "c1"))).contains("'c3' has been merged into 'c0'");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2000, 8, 0})
    void shouldHaveTheSumsOfALaneThatNeverSawTheRemovedClass(int capacity) {
        AdaptationConfig some = ClosedLane.config(capacity);
        List<Example> all = samples(1, 200, 3);
        List<Example> gone = only(all, "c1");
        List<Example> others = new ArrayList<>(all);
        others.removeAll(gone);
        try (LaneLearner lane = learned(some, all);
                LaneLearner never = learned(some, others)) {
            // First nothing is taken out, so that no more samples come while these are looked for.
            assertThat(ok(lane.removeLabel("c1", List.of())))
                    .containsExactly("the sums, which contain %d samples of the class".formatted(gone.size()));
            assertThat(lane.artifact().labels()).containsExactly("c0", "c2");

            ok(lane.removeLabel("c1", gone.subList(0, 10)));
            assertThat(ok(lane.removeLabel("c1", gone.subList(10, gone.size()))))
                    .isEmpty();

            assertThat(digest(lane)).isEqualTo(digest(never));
            assertThat(predicted(lane.artifact(), all)).containsOnly("c0", "c2");
            assertThat(classes(lane).get(1)).isEqualTo(new LaneClass("c1", 0, "", true));
        }
    }

    @Test
    void shouldRefuseSamplesOfARemovedClassUntilItIsRestored() {
        Example sample = only(samples(2, 20, 3), "c1").get(0);
        try (LaneLearner lane = learned(config, samples(1, 60, 3))) {
            ok(lane.removeLabel("c1", List.of()));
            assertThat(lane.admit(sample)).isInstanceOfSatisfying(Outcome.Rejected.class, rejected -> {
                assertThat(rejected.rejection().reason()).isEqualTo(Reason.BAD_LABEL);
                assertThat(rejected.rejection().message()).contains("class 'c1' was removed", "labels restore");
            });

            ok(lane.restoreLabel("c1"));
            assertThat(lane.admit(sample)).isInstanceOf(Outcome.Ok.class);
            assertThat(lane.artifact().labels()).containsExactly("c0", "c1", "c2");
            assertThat(refusal(lane.restoreLabel("c1"))).contains("was neither merged nor removed");
        }
    }

    /** Neither what was removed nor what was merged may be predicted or learned by a lane that goes on elsewhere. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldContinueAsFromItsCheckpoint(boolean byGradients) {
        AdaptationConfig any = byGradients ? gradient : config;
        AdaptationConfig open = any.withLabels(List.of());
        try (LaneLearner lane = learned(open, samples(1, 120, 4))) {
            ok(lane.mergeLabel("c3", "c2"));
            ok(lane.removeLabel("c1", List.of()));
            byte[] checkpoint = lane.checkpoint();
            try (LaneLearner restored =
                            LaneLearner.restored(open, LaneStream.goal(open), LaneStream.heads(open), checkpoint);
                    LaneLearner started =
                            LaneLearner.startedFrom(open, LaneStream.goal(open), LaneStream.heads(open), checkpoint)) {
                List<Example> later = samples(3, 80, 4);
                later.removeAll(only(later, "c1"));
                LaneStream.learn(lane, later, 4);
                LaneStream.learn(restored, later, 4);

                assertThat(restored.checkpoint()).isEqualTo(lane.checkpoint());
                assertThat(restored.artifact().labels()).containsExactlyInAnyOrder("c0", "c2");
                assertThat(started.artifact().labels()).containsExactlyInAnyOrder("c0", "c2");
                assertThat(started.admit(only(samples(4, 20, 4), "c1").get(0))).isInstanceOf(Outcome.Rejected.class);
            }
        }
    }

    @Test
    void shouldSayWhatRemainsInAHeadThatIsTrainedByGradients() {
        List<Example> all = samples(1, 120, 3);
        try (LaneLearner lane = learned(gradient, all)) {
            assertThat(ok(lane.mergeLabel("c2", "c0")))
                    .containsExactly("the weights of the head, which was trained by gradient steps");
            assertThat(ok(lane.removeLabel("c1", List.of())))
                    .containsExactly("the weights of the head, which was trained by gradient steps");

            assertThat(lane.artifact().labels()).containsExactly("c0");
            assertThat(classes(lane)).filteredOn(one -> one.name().equals("c1")).allMatch(one -> one.samples() == 0);
            LaneStream.learn(lane, only(samples(2, 60, 3), "c2"), 4);
            assertThat(predicted(lane.artifact(), all)).containsOnly("c0");
        }
    }

    @Test
    void shouldRefuseWhatCannotBe() {
        try (LaneLearner lane = learned(config, samples(1, 60, 3))) {
            byte[] before = lane.checkpoint();
            assertThat(refusal(lane.mergeLabel("c9", "c0"))).contains("class 'c9' is not known");
            assertThat(refusal(lane.mergeLabel("c0", "c9")))
                    .contains("class 'c9' is not known, or was merged or removed");
            assertThat(refusal(lane.mergeLabel("c0", "c0"))).contains("both are class 'c0'");
            assertThat(refusal(lane.removeLabel("c9", List.of()))).contains("class 'c9' is not known");
            assertThat(lane.checkpoint()).isEqualTo(before);

            ok(lane.mergeLabel("c2", "c0"));
            assertThat(refusal(lane.removeLabel("c2", List.of()))).contains("was merged into another one");
            ok(lane.removeLabel("c1", List.of()));
            assertThat(refusal(lane.removeLabel("c0", List.of()))).contains("no other class than 'c0'");
        }
    }

    private static LaneLearner learned(AdaptationConfig config, List<Example> samples) {
        LaneLearner learner = LaneStream.untrained(config);
        samples.forEach(learner::admit);
        LaneStream.learn(learner, samples, 4);
        return learner;
    }

    /** Returns samples with those of one class as samples of another one. */
    private static List<Example> as(List<Example> samples, String label, String into) {
        List<Example> changed = new ArrayList<>();
        for (Example one : samples) {
            changed.add(
                    one.truth().text().equals(label)
                            ? new Example(
                                    one.view(),
                                    new Label.ClassLabel(into),
                                    one.features(),
                                    Target.of(List.of(into)),
                                    one.next())
                            : one);
        }
        return changed;
    }

    private static List<Example> only(List<Example> samples, String label) {
        return samples.stream().filter(one -> one.truth().text().equals(label)).toList();
    }

    private List<String> predicted(HeadArtifact version, List<Example> samples) {
        try (PublishedHead head = PublishedHead.open(version, LaneStream.heads(config))) {
            return head.scored(LaneStream.goal(config), samples).stream()
                    .map(ScoredPrediction::predicted)
                    .map(Label::text)
                    .toList();
        }
    }

    private static List<LaneClass> classes(LaneLearner lane) {
        return LaneClasses.read(Checkpoints.read(lane.checkpoint())).classes();
    }

    private static Digest digest(LaneLearner lane) {
        return lane.sums().orElseThrow().digest();
    }

    private static List<String> ok(Outcome<List<String>> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Ok.class);
        return ((Outcome.Ok<List<String>>) outcome).value();
    }

    private static String refusal(Outcome<List<String>> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
        return ((Outcome.Rejected<List<String>>) outcome).rejection().message();
    }
}
