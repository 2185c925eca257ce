package io.headwater.adapt;

import static io.headwater.adapt.LaneStream.samples;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.adapt.memory.LaneMemory;
import io.headwater.adapt.state.Checkpoints;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.HeadConfig;
import io.headwater.config.HeadConfig.Learns;
import io.headwater.config.LimitsConfig;
import io.headwater.config.TaskKind;
import io.headwater.domain.Digest;
import io.headwater.domain.Outcome;
import io.headwater.domain.Outcome.Rejected;
import io.headwater.domain.Rejection.Reason;
import io.headwater.task.goal.RegressionGoal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a lane with what another lane knows of its samples is as exact as one that has learned from all of them. */
class MergingTest {
    private final AdaptationConfig config = ClosedLane.config(40);

    /** Labels are not configured, so that lanes know only those that they have seen. */
    private final AdaptationConfig open = config.withLabels(List.of());

    @Property(tries = 12)
    void shouldHaveTheSumsOfALaneThatSawAllSamples(
            @ForAll @IntRange(min = 2, max = 120) int count, @ForAll Random random) {
        List<Example> all = samples(random.nextInt(), count, 3);
        Collections.shuffle(all, random);
        int cut = 1 + random.nextInt(count - 1);
        try (LaneLearner whole = learned(config, all, 4);
                LaneLearner one = learned(config, all.subList(0, cut), 1 + random.nextInt(7));
                LaneLearner other = learned(config, all.subList(cut, count), 1 + random.nextInt(7))) {
            byte[] before = other.checkpoint();

            assertThat(one.merge(sums(config, other), null)).isInstanceOf(Outcome.Ok.class);

            assertThat(digest(one)).isEqualTo(digest(whole));
            assertThat(other.checkpoint()).isEqualTo(before);
            assertThat(one.samples()).isEqualTo(cut);
        }
    }

    @Test
    void shouldAppendTheOutputsOfTheOtherLaneAndPredictThem() {
        List<Example> own = samples(1, 120, 2);
        List<Example> others = new ArrayList<>(samples(2, 240, 4));
        others.removeIf(one -> one.truth().text().equals("c0"));
        others.sort((a, b) -> b.truth().text().compareTo(a.truth().text()));
        List<Example> all = new ArrayList<>(own);
        all.addAll(others);
        try (LaneLearner lane = learned(open, own, 4);
                LaneLearner other = learned(open, others, 4);
                LaneLearner whole = learned(open, all, 4)) {
            assertThat(lane.labels()).hasSize(2);

            lane.merge(sums(open, other), null);

            assertThat(lane.labels()).isEqualTo(whole.labels()).hasSize(4);
            assertThat(digest(lane)).isEqualTo(digest(whole));
            assertThat(ClosedLane.accuracy(open, lane.artifact(), samples(9, 400, 4)))
                    .isGreaterThan(0.9);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 2000})
    void shouldContinueAsFromItsCheckpoint(int capacity) {
        AdaptationConfig some = ClosedLane.config(capacity).withLabels(List.of());
        try (LaneLearner lane = learned(some, samples(1, 60, 2), 4);
                LaneLearner other = learned(some, samples(2, 60, 3), 4)) {
            lane.merge(sums(some, other), null);
            byte[] checkpoint = lane.checkpoint();
            try (LaneLearner restored =
                    LaneLearner.restored(some, LaneStream.goal(some), LaneStream.heads(some), checkpoint)) {
                LaneStream.learn(lane, samples(3, 80, 3), 4);
                LaneStream.learn(restored, samples(3, 80, 3), 4);

                assertThat(restored.checkpoint()).isEqualTo(lane.checkpoint());
            }
        }
    }

    @Test
    void shouldAddOnlyWhatIsNewAndTakeOutWhatTheOtherLaneHasForgotten() {
        List<Example> own = samples(1, 60, 3);
        List<Example> first = samples(2, 60, 3);
        List<Example> later = samples(3, 60, 3);
        List<Example> all = new ArrayList<>(own);
        all.addAll(first);
        all.addAll(later);
        all.remove(first.get(7));
        try (LaneLearner lane = learned(config, own, 4);
                LaneLearner other = learned(config, first, 4);
                LaneLearner whole = learned(config, all, 4)) {
            LaneSums then = sums(config, other);
            lane.merge(then, null);
            other.forget(first.get(7));
            LaneStream.learn(other, later, 4);

            lane.merge(sums(config, other), then);

            assertThat(digest(lane)).isEqualTo(digest(whole));
        }
    }

    /** The newest samples lead after a change; a lane that a person merges another one into should use both. */
    @Test
    void shouldLeadWithAContenderOfAllSamples() {
        try (LaneLearner lane = learned(config, samples(1, 60, 3), 4);
                LaneLearner other = learned(config, samples(2, 60, 3), 4)) {
            lane.merge(sums(config, other), null);

            assertThat(lane.leader()).contains("stacked");
        }
    }

    @Test
    void shouldRefuseALaneThatIsTrainedByGradients() {
        AdaptationConfig gradient = config.withHead(new HeadConfig(0).withLearns(Learns.GRADIENT));
        try (LaneLearner lane = learned(config, samples(1, 20, 3), 4);
                LaneLearner other = learned(gradient, samples(2, 20, 3), 4)) {
            assertThat(refusal(read(config, other, LaneStream.BASE)))
                    .contains("trained by gradient steps, which cannot be added");
            assertThat(other.sums()).isEmpty();
            assertThat(refusal(other.merge(sums(config, lane), null)))
                    .contains("the lane is trained by gradient steps, to which nothing can be added");
        }
    }

    @Test
    void shouldRefuseOtherFeatures() {
        Digest another = Digest.of("another".getBytes(StandardCharsets.UTF_8));
        try (LaneLearner lane = learned(config, samples(1, 20, 3), 4)) {
            assertThat(refusal(read(config, lane, another))).contains("base model or cut " + LaneStream.BASE);
            AdaptationConfig hidden = config.withHead(new HeadConfig(3));
            assertThat(refusal(read(hidden, lane, LaneStream.BASE))).contains("its head is 'graph head.hidden=0");
        }
    }

    @Test
    void shouldRefuseLabelsThatTheLaneMayNotHave() {
        LimitsConfig limits = config.limits();
        AdaptationConfig narrow = open.withLimits(new LimitsConfig(
                limits.textBytes(),
                limits.imageBytes(),
                limits.imagePixels(),
                limits.audioBytes(),
                limits.audioSeconds(),
                3));
        try (LaneLearner fixed = learned(config, samples(1, 20, 3), 4);
                LaneLearner small = learned(narrow, samples(1, 20, 2), 4);
                LaneLearner other = learned(open, samples(2, 40, 4), 4)) {
            byte[] before = fixed.checkpoint();
            assertThat(refusal(fixed.merge(sums(open, other), null))).contains("label 'c3' is not one of the 3 labels");
            assertThat(fixed.checkpoint()).isEqualTo(before);
            assertThat(refusal(small.merge(sums(open, other), null))).contains("limits.classes allows 3");
            assertThat(small.labels()).hasSize(2);
        }
    }

    @Test
    void shouldRefuseALaneThatPredictsFewerNumbers() {
        AdaptationConfig numbers = AdaptationConfig.of("lanes", TaskKind.REGRESSION, "minilm");
        LaneMemory memory = LaneMemory.empty(numbers, new RegressionGoal(List.of("height", "width")));

        assertThat(refusal(memory.append(List.of("width")))).contains("the numbers [height, width], and the other one");
        assertThat(memory.append(List.of("width", "height")))
                .isInstanceOfSatisfying(
                        Outcome.Ok.class, ok -> assertThat((int[]) ok.value()).containsExactly(1, 0));
    }

    private static String refusal(Outcome<?> outcome) {
        assertThat(outcome).isInstanceOf(Rejected.class);
        assertThat(((Rejected<?>) outcome).rejection().reason()).isEqualTo(Reason.REFUSED);
        return ((Rejected<?>) outcome).rejection().message();
    }

    private static LaneLearner learned(AdaptationConfig config, List<Example> samples, int step) {
        LaneLearner learner = LaneStream.untrained(config);
        samples.forEach(learner::admit);
        LaneStream.learn(learner, samples, step);
        return learner;
    }

    private static Outcome<LaneSums> read(AdaptationConfig config, LaneLearner lane, Digest baseModel) {
        return LaneSums.read(
                Checkpoints.read(lane.checkpoint()), baseModel, LaneStream.goal(config), LaneStream.heads(config));
    }

    private static LaneSums sums(AdaptationConfig config, LaneLearner lane) {
        return ((Outcome.Ok<LaneSums>) read(config, lane, LaneStream.BASE)).value();
    }

    private static @Nullable Digest digest(LaneLearner lane) {
        return lane.sums().map(LaneSums::digest).orElse(null);
    }
}
