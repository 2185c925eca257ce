package io.headwater.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.adapt.Example.Origin;
import io.headwater.config.AdaptationConfig;
import io.headwater.domain.Outcome;
import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.Tensor;
import io.headwater.task.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a correction takes the place of what it corrects. */
class CorrectionsTest {
    private static final int SAMPLES = 60;
    private static final String SUMS = "contenders/race/field/all/sums";
    private static final String NEWEST = "contenders/race/field/newest/targets";

    /** A label, and its correction some time later or at once, leave the sums of the right label alone. */
    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void shouldHaveTheSumsOfTheRightLabelsAlone(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int step, @ForAll boolean remembers) {
        AdaptationConfig config = ClosedLane.config(remembers ? 2000 : 8);
        List<Example> right = requests(SAMPLES);
        try (LaneLearner corrected = LaneStream.untrained(config);
                LaneLearner always = LaneStream.untrained(config)) {
            learn(corrected, withCorrections(right, new Random(seed)), step);
            learn(always, right, step);

            assertThat(tensors(corrected, SUMS)).isNotEmpty().isEqualTo(tensors(always, SUMS));
            assertThat(sorted(corrected, NEWEST)).isEqualTo(sorted(always, NEWEST));
            assertThat(sorted(corrected, "memory/replay/targets"))
                    .hasSameSizeAs(sorted(always, "memory/replay/targets"));
        }
    }

    @Test
    void shouldRememberTheRightLabelsAlone() {
        AdaptationConfig config = LaneStream.config();
        List<Example> right = requests(12);
        try (LaneLearner lane = LaneStream.untrained(config)) {
            learn(lane, right.stream().map(one -> labelled(one, "c0", null)).toList(), 4);
            learn(lane, right.stream().map(one -> correcting(one, "c0")).toList(), 4);

            List<Float> kept = new ArrayList<>(sorted(lane, "memory/replay/targets"));
            kept.addAll(sorted(lane, "memory/held-out/targets"));
            assertThat(kept).hasSize(12);
            assertThat(kept.stream().filter(code -> code == 0).count())
                    .isEqualTo(
                            right.stream().filter(one -> name(one).equals("c0")).count());
        }
    }

    @Test
    void shouldCountARequestOnceInTheScores() {
        try (LaneLearner lane = LaneStream.untrained(ClosedLane.config(2000))) {
            List<Example> right = requests(9);
            learn(lane, right.subList(0, 4), 4);
            lane.step(List.of(labelled(right.get(4), "c1", null)));

            // One correction of what was learned, one that comes with what it corrects, and a new sample
            StepReport report = lane.step(List.of(
                    right.get(7),
                    correcting(right.get(4), "c1"),
                    labelled(right.get(5), "c2", null),
                    correcting(right.get(5), "c2")));

            assertThat(report.scores())
                    .extracting(one -> one.expected())
                    .containsExactly(right.get(7).label(), right.get(5).label());
            assertThat(report.corrected()).containsExactly(offset(right.get(4)), offset(right.get(5)));
            assertThat(lane.samples()).isEqualTo(9);
            assertThat(lane.step(List.of(labelled(right.get(5), "c1", name(right.get(5)))))
                            .scores())
                    .isEmpty();
        }
    }

    /** What came in a pause, or before the lane began anew, was not learned. */
    @Test
    void shouldTakeNothingOutThatWasNotLearned() {
        AdaptationConfig config = ClosedLane.config(2000);
        List<Example> right = requests(20);
        // Another request with the same payload and the same label has been learned.
        Example same = new Example(
                right.get(3).view(),
                right.get(3).label(),
                right.get(3).features(),
                Target.of(List.of("c2")),
                new float[0],
                new Origin("another", 900, null));
        try (LaneLearner lane = LaneStream.untrained(config);
                LaneLearner plain = LaneStream.untrained(config)) {
            learn(lane, List.of(same), 1);
            learn(plain, List.of(same), 1);
            StepReport report = lane.step(List.of(correcting(right.get(3), "c2")));
            plain.step(List.of(right.get(3)));

            assertThat(report.corrected()).isEmpty();
            assertThat(report.scores()).hasSize(1);
            assertThat(tensors(lane, SUMS)).isEqualTo(tensors(plain, SUMS));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldContinueAsFromItsCheckpoint(boolean closed) {
        AdaptationConfig config = closed ? ClosedLane.config(16) : LaneStream.config();
        List<Example> stream = withCorrections(requests(SAMPLES), new Random(5));
        try (LaneLearner lane = LaneStream.untrained(config)) {
            learn(lane, stream.subList(0, 40), 4);
            try (LaneLearner restored = LaneLearner.restored(
                    config, LaneStream.goal(config), LaneStream.heads(config), lane.checkpoint())) {
                learn(lane, stream.subList(40, stream.size()), 4);
                learn(restored, stream.subList(40, stream.size()), 4);

                assertThat(restored.checkpoint()).isEqualTo(lane.checkpoint());
            }
        }
    }

    @Test
    void shouldForgetACorrectedSampleAsIfItHadNeverBeen() {
        AdaptationConfig config = ClosedLane.config(8);
        List<Example> right = requests(40);
        Example wrong = labelled(right.get(20), "c1", null);
        Example correction = correcting(right.get(20), "c1");
        List<Example> others = new ArrayList<>(right);
        others.remove(20);
        try (LaneLearner lane = LaneStream.untrained(config);
                LaneLearner never = LaneStream.untrained(config)) {
            learn(lane, List.of(wrong), 1);
            learn(lane, others, 4);
            learn(lane, List.of(correction), 1);
            learn(never, others, 4);

            assertThat(lane.forget(correction).remaining()).isEmpty();

            assertThat(tensors(lane, SUMS)).isEqualTo(tensors(never, SUMS));
        }
    }

    /** Samples that were merged into another class are taken out of that class. */
    @Test
    void shouldFollowAClassThatWasMerged() {
        AdaptationConfig config = ClosedLane.config(2000);
        List<Example> right = requests(30);
        Example wrong = labelled(right.get(0), "c2", null);
        try (LaneLearner lane = LaneStream.untrained(config);
                LaneLearner always = LaneStream.untrained(config)) {
            learn(lane, List.of(wrong), 1);
            learn(lane, right.subList(1, 30), 4);
            learn(always, right.subList(1, 30), 4);
            assertThat(lane.mergeLabel("c2", "c0")).isInstanceOf(Outcome.Ok.class);
            assertThat(always.mergeLabel("c2", "c0")).isInstanceOf(Outcome.Ok.class);

            learn(lane, List.of(labelled(right.get(0), "c1", "c2")), 1);
            learn(always, List.of(labelled(right.get(0), "c1", null)), 1);

            assertThat(tensors(lane, SUMS)).isEqualTo(tensors(always, SUMS));
        }
    }

    /** Returns samples, some of them first with a wrong label and corrected later, some of these twice. */
    private static List<Example> withCorrections(List<Example> right, Random random) {
        List<Example> stream = new ArrayList<>();
        List<Example> due = new ArrayList<>();
        for (Example one : right) {
            if (random.nextInt(3) == 0) {
                String first = "c" + random.nextInt(3);
                stream.add(labelled(one, first, null));
                if (random.nextBoolean()) {
                    String second = "c" + random.nextInt(3);
                    stream.add(labelled(one, second, first));
                    first = second;
                }
                due.add(correcting(one, first));
            } else {
                stream.add(one);
            }
            while (!due.isEmpty() && random.nextInt(4) == 0) {
                stream.add(due.remove(random.nextInt(due.size())));
            }
        }
        stream.addAll(due);
        return stream;
    }

    private static List<Example> requests(int count) {
        List<Example> samples = LaneStream.samples(1, count, 3);
        List<Example> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Example one = samples.get(i);
            requests.add(new Example(
                    one.view(),
                    one.label(),
                    one.features(),
                    one.target(),
                    one.next(),
                    new Origin("request-" + i, i, null)));
        }
        return requests;
    }

    private static Example correcting(Example right, String wrong) {
        return labelled(right, name(right), wrong);
    }

    private static Example labelled(Example request, String label, @Nullable String corrects) {
        Origin origin = new Origin(
                request.origin() == null ? "" : request.origin().id(),
                offset(request),
                corrects == null ? null : Target.of(List.of(corrects)));
        Example named = LaneStream.example(request.features(), label);
        return new Example(named.view(), named.label(), named.features(), named.target(), named.next(), origin);
    }

    private static long offset(Example example) {
        return example.offset().orElseThrow();
    }

    private static String name(Example example) {
        return example.target().symbols().get(0);
    }

    private static void learn(LaneLearner learner, List<Example> samples, int step) {
        samples.forEach(one -> assertThat(learner.admit(one)).isInstanceOf(Outcome.Ok.class));
        LaneStream.learn(learner, samples, step);
    }

    private static List<Float> sorted(LaneLearner learner, String name) {
        List<Float> values = new ArrayList<>();
        for (float value : Safetensors.read(learner.checkpoint()).floats(name).values()) {
            values.add(value);
        }
        values.sort(null);
        return values;
    }

    private static Map<String, String> tensors(LaneLearner learner, String prefix) {
        Map<String, String> bytes = new TreeMap<>();
        Safetensors.read(learner.checkpoint()).tensors().forEach((String name, Tensor tensor) -> {
            if (name.startsWith(prefix)) {
                bytes.put(name, Arrays.toString(Safetensors.write(Map.of("one", tensor), Map.of())));
            }
        });
        return bytes;
    }
}
