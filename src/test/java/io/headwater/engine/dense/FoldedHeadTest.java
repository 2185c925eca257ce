package io.headwater.engine.dense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.OptimiserConfig;
import io.headwater.config.TrainingConfig.GradientConfig;
import io.headwater.config.TrainingConfig.GradientConfig.ScalingChoice;
import io.headwater.engine.Head;
import io.headwater.engine.HeadData;
import io.headwater.engine.HeadState;
import io.headwater.engine.PretrainedOutputLayer;
import io.headwater.engine.weights.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FoldedHeadTest {
    private static final int INPUTS = 6;
    private static final int OUTPUTS = 3;
    private static final GradientConfig SCALED = new GradientConfig(1, ScalingChoice.RUNNING, 0, 0);
    private static final GradientConfig BOTH = new GradientConfig(1, ScalingChoice.RUNNING, 5, 0);

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void shouldGoOnBitForBitFromItsState(int hidden) {
        HeadState uninterrupted = learned(hidden, BOTH, null, 1, 20);

        HeadState half = learned(hidden, BOTH, null, 1, 11);
        HeadState resumed = learned(hidden, BOTH, half, 11, 20);

        assertThat(same(resumed, uninterrupted)).isTrue();
        assertThat(resumed.iteration()).isEqualTo(19);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void shouldAnswerAsAPlainHeadWithItsParameters(int hidden) {
        HeadState state = learned(hidden, BOTH, null, 1, 12);
        float[][] features = HeadData.random(99, 9, INPUTS, OUTPUTS).features();

        try (Head folded = heads(hidden, BOTH).restore(state);
                Head plain = GraphHead.restore(spec(hidden), HeadState.ofParameters(state.parameters()))) {
            assertThat(folded.logits(features)).isDeepEqualTo(plain.logits(features));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void shouldComputeTheSameFromWeightsForAnotherScale(int hidden) {
        // Given: a head whose last weights are for the scale of few rows
        HeadState before = learned(hidden, SCALED, null, 1, 9);
        float[][] features = HeadData.random(99, 9, INPUTS, OUTPUTS).features();

        // When: many rows of another size set the scale again, and a step too small to matter follows
        GraphHeads slow = new GraphHeads(new HeadSpec(INPUTS, hidden, 1e-9, 7), training(SCALED));
        try (Head head = slow.restore(before)) {
            float[][] expected = head.logits(features);
            head.observe(enlarged(HeadData.random(5, 300, INPUTS, OUTPUTS).features(), 30, 4));
            HeadData.random(6, 4, INPUTS, OUTPUTS).train(head);

            // Then
            assertThat(state(head, "scale/deviation")).isNotEqualTo(values(before.optimiser(), "scale/deviation"));
            assertClose(head.logits(features), expected, within(1e-4f));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void shouldLearnTheSameFromFeaturesOfOtherUnits(int hidden) {
        float[][] features = HeadData.random(99, 9, INPUTS, OUTPUTS).features();

        try (Head small = heads(hidden, BOTH).create(OUTPUTS);
                Head large = heads(hidden, BOTH).create(OUTPUTS)) {
            for (int step = 1; step < 20; step++) {
                HeadData data = HeadData.random(step, 16, INPUTS, OUTPUTS);
                small.observe(data.features());
                data.train(small);
                float[][] others = enlarged(data.features(), 128, 0);
                large.observe(others);
                large.train(others, data.targets(), data.weights());
            }

            // Not with a hidden layer of weights that were drawn for features as they are.
            if (hidden == 0) {
                assertClose(large.logits(enlarged(features, 128, 0)), small.logits(features), within(2e-3f));
            }
            assertThat(large.logits(enlarged(features, 128, 0))[0]).doesNotContain(Float.NaN);
        }
    }

    @Test
    void shouldAverageWeightsWithLargerSharesOfLaterSteps() {
        GradientConfig averaged = new GradientConfig(1, ScalingChoice.NONE, 4, 0);
        try (Head head = heads(0, averaged).create(OUTPUTS)) {
            float[] expected = new float[OUTPUTS];
            for (int step = 1; step < 12; step++) {
                HeadData.random(step, 4, INPUTS, OUTPUTS).train(head);
                float[] last = state(head, "last/output/b");
                double share = Math.max(0.25, 5.0 / (step + 4));
                for (int i = 0; i < OUTPUTS; i++) {
                    expected[i] += (float) (share * (last[i] - expected[i]));
                }
            }

            float[] average = values(head.state().parameters(), "output/b");
            for (int i = 0; i < OUTPUTS; i++) {
                assertThat(average[i]).isCloseTo(expected[i], within(1e-6f));
            }
        }
    }

    @Test
    void shouldTakeTheStepsOfAPlainHeadWithoutScalingAndAverage() {
        HeadState plain = learned(5, GradientConfig.PLAIN, null, 1, 9);

        // One averaged step is the last one.
        HeadState folded = learned(5, new GradientConfig(1, ScalingChoice.NONE, 1, 0), null, 1, 9);

        assertThat(same(FoldedHead.unfolded(folded), plain)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void shouldGoOnFromThePlainHeadOfAFormerRelease(int hidden) {
        HeadState plain = learned(hidden, GradientConfig.PLAIN, null, 1, 9);
        float[][] features = HeadData.random(99, 9, INPUTS, OUTPUTS).features();

        try (Head before = heads(hidden, GradientConfig.PLAIN).restore(plain);
                Head after = heads(hidden, BOTH).restore(plain)) {
            assertThat(after.logits(features)).isDeepEqualTo(before.logits(features));
            HeadData data = HeadData.random(7, 16, INPUTS, OUTPUTS);
            after.observe(data.features());
            double first = data.train(after);
            for (int step = 0; step < 30; step++) {
                data.train(after);
            }
            assertThat(data.train(after)).isLessThan(first);
        }
    }

    @Test
    void shouldBeAPlainHeadAgainWhenItIsNoLongerConfigured() {
        HeadState folded = learned(5, BOTH, null, 1, 9);
        float[][] features = HeadData.random(99, 9, INPUTS, OUTPUTS).features();

        try (Head before = heads(5, BOTH).restore(folded);
                Head after = heads(5, GradientConfig.PLAIN).restore(folded)) {
            assertThat(after.logits(features)).isDeepEqualTo(before.logits(features));
        }
    }

    @Test
    void shouldKeepItsLogitsWhenItGrows() {
        HeadState state = learned(5, BOTH, null, 1, 9);
        float[][] features = HeadData.random(99, 9, INPUTS, OUTPUTS).features();

        try (Head before = heads(5, BOTH).restore(state);
                Head after = heads(5, BOTH).restore(HeadGrowth.grown(state, OUTPUTS + 1))) {
            float[][] narrow = before.logits(features);
            float[][] wide = after.logits(features);
            for (int row = 0; row < narrow.length; row++) {
                assertThat(wide[row]).startsWith(narrow[row]).endsWith(0);
            }
            HeadData.random(1, 8, INPUTS, OUTPUTS + 1).train(after);
        }
    }

    @Test
    void shouldNotScaleFeaturesOfAKeptOutputLayer() {
        Map<String, Tensor.F32> kept = HeadGrowth.first(spec(0), OUTPUTS).parameters();
        HeadTraining training = new HeadTraining(OptimiserConfig.DEFAULT, 0, new PretrainedOutputLayer(kept), SCALED);

        assertThat(FoldedHead.suits(training)).isFalse();
    }

    @Test
    void shouldRefuseAScaleThatIsNotPossible() {
        HeadState state = learned(0, SCALED, null, 1, 3);

        assertThatThrownBy(() -> heads(0, SCALED).restore(with(state, "scale/deviation", new float[INPUTS])))
                .hasMessageContaining("scale/deviation must be at least");
        assertThatThrownBy(() -> heads(0, SCALED).restore(with(state, "scale/mean", new float[2])))
                .hasMessageContaining("scale/mean must have 6 values, but has [2]");
    }

    private static HeadState with(HeadState state, String name, float[] values) {
        Map<String, Tensor.F32> optimiser = new HashMap<>(state.optimiser());
        optimiser.put(name, new Tensor.F32(new int[] {values.length}, values));
        return new HeadState(state.parameters(), optimiser, state.iteration());
    }

    private static HeadSpec spec(int hidden) {
        return new HeadSpec(INPUTS, hidden, 0.01, 7);
    }

    private static HeadTraining training(GradientConfig gradients) {
        return new HeadTraining(OptimiserConfig.DEFAULT, 0, PretrainedOutputLayer.NONE, gradients);
    }

    private static GraphHeads heads(int hidden, GradientConfig gradients) {
        return new GraphHeads(spec(hidden), training(gradients));
    }

    /** Trains on the batches from {@code first} (inclusive) to {@code end} (exclusive). */
    private static HeadState learned(
            int hidden, GradientConfig gradients, @Nullable HeadState from, int first, int end) {
        GraphHeads heads = heads(hidden, gradients);
        try (Head head = from == null ? heads.create(OUTPUTS) : heads.restore(from)) {
            for (int step = first; step < end; step++) {
                HeadData data = HeadData.random(step, 1 + step % 8, INPUTS, OUTPUTS);
                head.observe(data.features());
                data.train(head);
            }
            return head.state();
        }
    }

    private static float[] values(Map<String, Tensor.F32> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name).values();
    }

    private static float[] state(Head head, String name) {
        return values(head.state().optimiser(), name);
    }

    private static float[][] enlarged(float[][] features, float factor, float shift) {
        float[][] others = new float[features.length][INPUTS];
        for (int row = 0; row < others.length; row++) {
            for (int i = 0; i < INPUTS; i++) {
                others[row][i] = features[row][i] * factor + shift;
            }
        }
        return others;
    }

    private static void assertClose(float[][] actual, float[][] expected, Offset<Float> within) {
        for (int row = 0; row < expected.length; row++) {
            for (int i = 0; i < expected[row].length; i++) {
                assertThat(actual[row][i]).isCloseTo(expected[row][i], within);
            }
        }
    }

    private static boolean same(HeadState one, HeadState other) {
        return one.iteration() == other.iteration()
                && sameTensors(one.parameters(), other.parameters())
                && sameTensors(one.optimiser(), other.optimiser());
    }

    private static boolean sameTensors(Map<String, Tensor.F32> one, Map<String, Tensor.F32> other) {
        return one.keySet().equals(other.keySet())
                && one.entrySet().stream()
                        .allMatch(each -> Arrays.equals(each.getValue().values(), values(other, each.getKey())));
    }
}
