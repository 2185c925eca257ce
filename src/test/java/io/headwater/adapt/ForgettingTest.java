package io.headwater.adapt;

import static io.headwater.adapt.LaneStream.samples;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.GuardConfig;
import io.headwater.engine.closed.Moments;
import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a lane whose head is computed in closed form forgets a sample exactly. */
class ForgettingTest {
    private static final String ALL = "contenders/race/field/all/sums";
    private static final String NEWEST = "contenders/race/field/newest/features";

    /** The sample may be in memory, only among the newest samples, or nowhere. */
    @ParameterizedTest
    @CsvSource({"2000, 100, 50", "8, 100, 50", "8, 100, 2", "8, 400, 1", "0, 100, 99"})
    void shouldHaveTheSumsOfALaneThatNeverSawTheSample(int capacity, int count, int forgotten) {
        AdaptationConfig config = ClosedLane.config(capacity);
        List<Example> all = samples(1, count, 3);
        List<Example> others = new ArrayList<>(all);
        Example gone = others.remove(forgotten);
        try (LaneLearner learner = LaneStream.untrained(config);
                LaneLearner never = LaneStream.untrained(config)) {
            LaneStream.learn(learner, all, 4);
            LaneStream.learn(never, others, 4);

            Forgotten said = learner.forget(gone);

            assertThat(said.removed()).contains("the sums and weights of all contenders");
            assertThat(said.remaining()).isEmpty();
            assertThat(tensors(learner, ALL)).isNotEmpty().isEqualTo(tensors(never, ALL));
            assertThat(floats(learner, NEWEST)).doesNotContainSequence(boxed(gone.features()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 2000})
    void shouldContinueAfterForgettingAsFromItsCheckpoint(int capacity) {
        AdaptationConfig config = ClosedLane.config(capacity);
        List<Example> all = samples(1, 100, 3);
        try (LaneLearner learner = LaneStream.untrained(config)) {
            LaneStream.learn(learner, all, 4);
            learner.forget(all.get(60));
            byte[] checkpoint = learner.checkpoint();
            try (LaneLearner restored =
                    LaneLearner.restored(config, LaneStream.goal(config), LaneStream.heads(config), checkpoint)) {
                LaneStream.learn(learner, samples(2, 40, 3), 4);
                LaneStream.learn(restored, samples(2, 40, 3), 4);

                assertThat(restored.checkpoint()).isEqualTo(learner.checkpoint());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 2000})
    void shouldForgetASampleOfALaneWithASourceAndKeepTheGuardSetOfTheSource(int capacity) {
        AdaptationConfig config = ClosedLane.config(capacity);
        try (LaneLearner source = LaneStream.untrained(config)) {
            LaneStream.learn(source, samples(1, 100, 3), 4);
            List<Example> own = samples(2, 100, 3);
            List<Example> others = new ArrayList<>(own);
            Example gone = others.remove(1);
            try (LaneLearner learner = started(config, source);
                    LaneLearner never = started(config, source)) {
                List<Float> guard = floats(learner, "contenders/race/guard/older/features");
                LaneStream.learn(learner, own, 4);
                LaneStream.learn(never, others, 4);

                assertThat(learner.forget(gone).remaining()).isEmpty();

                assertThat(tensors(learner, "contenders/race/field/all/sums"))
                        .isNotEmpty()
                        .isEqualTo(tensors(never, "contenders/race/field/all/sums"));
                assertThat(tensors(learner, "contenders/race/field/since-change/sums"))
                        .isNotEmpty()
                        .isEqualTo(tensors(never, "contenders/race/field/since-change/sums"));
                assertThat(floats(learner, "contenders/race/guard/older/features"))
                        .isNotEmpty()
                        .isEqualTo(guard);
            }
        }
    }

    /** The weights that led when a change was noticed compete at once, and learned from the samples before. */
    @ParameterizedTest
    @CsvSource({"2000, 399, true", "2000, 20, true", "8, 20, false"})
    void shouldForgetASampleAfterAChangeWasNoticed(int capacity, int forgotten, boolean known) {
        List<Example> stream = samples(1, 400, 3);
        AdaptationConfig config = ClosedLane.config(capacity).withGuard(new GuardConfig(0, 8));
        try (LaneLearner learner = LaneStream.untrained(config)) {
            LaneStream.learn(learner, stream, 4);
            for (int i = 0; i < 40 && !learner.contenders().containsKey("former"); i++) {
                LaneStream.learn(learner, rotated(samples(10 + i, 8, 3)), 4);
            }
            assertThat(learner.contenders()).containsKeys("former", "logistic-since-change");
            assertThat(learner.sums().orElseThrow().samples().from()).isZero();
            Moments all = sums(learner, "all");
            Moments sinceChange = sums(learner, "since-change");
            Example gone = stream.get(forgotten);

            Forgotten said = learner.forget(gone);

            assertThat(said.remaining()).isEmpty();
            assertThat(learner.contenders()).doesNotContainKey("former").containsKey("logistic-since-change");
            requireNoFormerWeights(learner);
            remove(all, gone);
            assertThat(state(sums(learner, "all"))).isEqualTo(state(all));
            if (known) {
                if (sums(learner, "since-change").rows() < sinceChange.rows()) {
                    remove(sinceChange, gone);
                }
                assertThat(state(sums(learner, "since-change"))).isEqualTo(state(sinceChange));
            } else {
                assertThat(state(sums(learner, "since-change"))).isEqualTo(state(newest(learner)));
            }
        }
    }

    /** Sums since a change say nothing of a sample that is nowhere else. */
    @ParameterizedTest
    @CsvSource({"2000, true", "8, false"})
    void shouldDropFormerWeightsAfterAChangeWasFollowed(int capacity, boolean known) {
        AdaptationConfig config = ClosedLane.config(capacity).withGuard(new GuardConfig(0, 8));
        List<Example> after = rotated(samples(2, 400, 3));
        try (LaneLearner learner = LaneStream.untrained(config)) {
            LaneStream.learn(learner, samples(1, 400, 3), 4);
            LaneStream.learn(learner, after, 4);
            assertThat(learner.sums().orElseThrow().samples().from()).isPositive();
            assertThat(learner.contenders()).containsKey("former");
            Moments all = sums(learner, "all");
            Example gone = after.get(known ? 399 : 40);

            Forgotten said = learner.forget(gone);

            assertThat(said.remaining().isEmpty()).isEqualTo(known);
            assertThat(learner.contenders()).doesNotContainKey("former");
            requireNoFormerWeights(learner);
            if (known) {
                remove(all, gone);
            }
            assertThat(state(sums(learner, "all"))).isEqualTo(state(all));
        }
    }

    private static void requireNoFormerWeights(LaneLearner learner) {
        assertThat(tensors(learner, "contenders/race/field/former/head")).isEmpty();
        assertThat(tensors(learner, "contenders/race/field/before-change/head")).isEmpty();
    }

    private static List<Example> rotated(List<Example> samples) {
        return samples.stream()
                .map(one -> LaneStream.example(
                        one.features(), "c" + (one.truth().text().charAt(1) - '0' + 1) % 3))
                .toList();
    }

    /** Returns the sums of a window. */
    private static Moments sums(LaneLearner learner, String window) {
        String prefix = "contenders/race/field/" + window + "/sums/";
        Map<String, Tensor> state = new TreeMap<>();
        Safetensors.read(learner.checkpoint()).tensors().forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                state.put(name.substring(prefix.length()), tensor);
            }
        });
        return Moments.restore(LaneStream.WIDTH, state);
    }

    /** Returns the sums of the newest samples. */
    private static Moments newest(LaneLearner learner) {
        float[] features = Safetensors.read(learner.checkpoint()).floats(NEWEST).values();
        float[] targets = Safetensors.read(learner.checkpoint())
                .floats("contenders/race/field/newest/targets")
                .values();
        Moments moments = Moments.of(LaneStream.WIDTH);
        for (int i = 0; i < targets.length; i++) {
            float[] row = Arrays.copyOfRange(features, i * LaneStream.WIDTH, (i + 1) * LaneStream.WIDTH);
            moments.add(new float[][] {row}, new int[] {(int) targets[i]});
        }
        return moments;
    }

    private static void remove(Moments from, Example sample) {
        from.remove(
                new float[][] {sample.features()},
                new int[] {sample.truth().text().charAt(1) - '0'});
    }

    private static String state(Moments moments) {
        return Arrays.toString(Safetensors.write(moments.state(), Map.of()));
    }

    private static LaneLearner started(AdaptationConfig config, LaneLearner source) {
        return LaneLearner.startedFrom(config, LaneStream.goal(config), LaneStream.heads(config), source.checkpoint());
    }

    private static List<Float> boxed(float[] values) {
        List<Float> boxed = new ArrayList<>();
        for (float value : values) {
            boxed.add(value);
        }
        return boxed;
    }

    private static List<Float> floats(LaneLearner learner, String name) {
        return List.copyOf(
                boxed(Safetensors.read(learner.checkpoint()).floats(name).values()));
    }

    /** Returns the bytes of the tensors whose names begin with {@code prefix}. */
    private static Map<String, String> tensors(LaneLearner learner, String prefix) {
        Map<String, Tensor> found = new TreeMap<>();
        Safetensors.read(learner.checkpoint()).tensors().forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                found.put(name, tensor);
            }
        });
        Map<String, String> bytes = new TreeMap<>();
        found.forEach((name, tensor) ->
                bytes.put(name, Arrays.toString(Safetensors.write(Map.of("one", tensor), Map.of()))));
        return bytes;
    }
}
