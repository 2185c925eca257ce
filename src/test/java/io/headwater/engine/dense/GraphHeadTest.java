package io.headwater.engine.dense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.OptimiserConfig;
import io.headwater.engine.HeadData;
import io.headwater.engine.HeadState;
import io.headwater.engine.learn.DropoutMask;
import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GraphHeadTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void shouldBeUniformBeforeItHasLearned(int hidden) {
        try (GraphHead head = GraphHead.create(new HeadSpec(3, hidden, 0.01, 7), 4)) {
            assertThat(head.probabilities(new float[][] {{1, -2, 3}, {9, 9, 9}}))
                    .isDeepEqualTo(new float[][] {{0.25f, 0.25f, 0.25f, 0.25f}, {0.25f, 0.25f, 0.25f, 0.25f}});
            assertThat(head.probabilities(new float[0][])).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void shouldGiveTheSameBitsForTheSameSeed(int hidden) {
        HeadSpec spec = new HeadSpec(6, hidden, 0.01, 7);

        assertThat(bytes(trained(GraphHead.create(spec, 3), 1, 9)))
                .isEqualTo(bytes(trained(GraphHead.create(spec, 3), 1, 9)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void shouldGoOnBitForBitFromItsStateAtRest(int hidden) {
        // Given
        HeadSpec spec = new HeadSpec(6, hidden, 0.01, 7);
        HeadState uninterrupted = trained(GraphHead.create(spec, 3), 1, 20);

        // When
        HeadState half = fromBytes(bytes(trained(GraphHead.create(spec, 3), 1, 11)));
        HeadState resumed = trained(GraphHead.restore(spec, half), 11, 20);

        // Then
        assertThat(half.iteration()).isEqualTo(10);
        assertThat(bytes(resumed)).isEqualTo(bytes(uninterrupted));
    }

    @ParameterizedTest
    @EnumSource(OptimiserConfig.Updater.class)
    void shouldGoOnBitForBitByAnyUpdater(OptimiserConfig.Updater updater) {
        // Given
        HeadSpec spec = new HeadSpec(6, 5, 0.01, 7);
        double decay = updater == OptimiserConfig.Updater.ADAMW ? 0.1 : 0;
        HeadTraining training = new HeadTraining(
                new OptimiserConfig(updater, 0.9, decay, OptimiserConfig.Schedule.COSINE, 3, 15, 0.5, 0.1, 1, 0), 0.3);
        HeadState uninterrupted = trained(GraphHead.create(spec, training, 3), 1, 20);

        // When
        HeadState half = fromBytes(bytes(trained(GraphHead.create(spec, training, 3), 1, 11)));
        HeadState resumed = trained(GraphHead.restore(spec, training, half), 11, 20);

        // Then
        assertThat(bytes(resumed)).isEqualTo(bytes(uninterrupted));
        assertThat(bytes(resumed)).isNotEqualTo(bytes(trained(GraphHead.create(spec, 3), 1, 20)));
    }

    /** Dropout has the same effect as zeros among the features, and is not applied in inference. */
    @Test
    void shouldLeaveOutFeaturesInTrainingAlone() {
        HeadSpec spec = new HeadSpec(6, 0, 0.01, 7);
        HeadData data = HeadData.random(1, 8, 6, 3);
        float[] mask = new DropoutMask(0.5, spec.seed()).mask(0, 8 * 6);
        float[][] masked = new float[8][6];
        for (int i = 0; i < mask.length; i++) {
            masked[i / 6][i % 6] = data.features()[i / 6][i % 6] * mask[i];
        }
        try (GraphHead dropping = GraphHead.create(spec, new HeadTraining(OptimiserConfig.DEFAULT, 0.5), 3);
                GraphHead plain = GraphHead.create(spec, 3)) {
            data.train(dropping);
            plain.train(masked, data.targets(), data.weights());

            assertThat(bytes(dropping.state())).isEqualTo(bytes(plain.state()));
            assertThat(dropping.probabilities(data.features())).isDeepEqualTo(plain.probabilities(data.features()));
        }
    }

    @Test
    void shouldNotChangeByServing() {
        HeadSpec spec = new HeadSpec(6, 5, 0.01, 7);
        GraphHead served = GraphHead.create(spec, 3);
        for (int step = 1; step < 9; step++) {
            HeadData data = HeadData.random(step, step, 6, 3);
            served.probabilities(data.features());
            data.train(served);
            served.probabilities(data.features());
        }
        GraphHead alone = GraphHead.create(spec, 3);
        for (int step = 1; step < 9; step++) {
            HeadData.random(step, step, 6, 3).train(alone);
        }

        assertThat(bytes(served.state())).isEqualTo(bytes(alone.state()));
        served.close();
        alone.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void shouldKeepOldLogitsWhenItGrows(int hidden) {
        // Given
        HeadSpec spec = new HeadSpec(6, hidden, 0.01, 7);
        HeadState before = trained(GraphHead.create(spec, 3), 1, 9);
        float[][] features = HeadData.random(3, 8, 6, 3).features();

        // When
        HeadState after = HeadGrowth.grown(before, 5);

        // Then
        assertThat(after.iteration()).isEqualTo(before.iteration());
        assertThat(bytes(shrunk(after, 3))).isEqualTo(bytes(before));
        try (GraphHead narrow = GraphHead.restore(spec, before);
                GraphHead wide = GraphHead.restore(spec, after)) {
            float[][] old = narrow.probabilities(features);
            float[][] grown = wide.probabilities(features);
            for (int row = 0; row < features.length; row++) {
                assertThat(grown[row][0] / grown[row][2]).isCloseTo(old[row][0] / old[row][2], within(1e-5f));
                assertThat(grown[row][3]).isEqualTo(grown[row][4]);
            }
            double first = HeadData.random(1, 8, 6, 5).train(wide);
            double later = first;
            for (int step = 0; step < 50; step++) {
                later = HeadData.random(1, 8, 6, 5).train(wide);
            }
            assertThat(later).isLessThan(first);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8})
    void shouldLearnToTellClassesApart(int hidden) {
        try (GraphHead head = GraphHead.create(new HeadSpec(2, hidden, 0.05, 7), 2)) {
            float[][] features = HeadData.random(1, 64, 2, 2).features();
            float[][] targets = new float[64][];
            float[] weights = new float[64];
            Arrays.fill(weights, 1);
            for (int row = 0; row < 64; row++) {
                targets[row] = features[row][0] > features[row][1] ? new float[] {1, 0} : new float[] {0, 1};
            }
            for (int step = 0; step < 200; step++) {
                head.train(features, targets, weights);
            }

            float[][] probabilities = head.probabilities(features);
            int right = 0;
            for (int row = 0; row < 64; row++) {
                right += (probabilities[row][0] > 0.5f) == (targets[row][0] == 1) ? 1 : 0;
                assertThat(probabilities[row][0] + probabilities[row][1]).isCloseTo(1f, within(1e-5f));
            }
            assertThat(right).isGreaterThanOrEqualTo(62);
        }
    }

    @Test
    void shouldRefuseWhatHasTheWrongShape() {
        try (GraphHead head = GraphHead.create(new HeadSpec(2, 0, 0.05, 7), 2)) {
            float[][] x = {{1, 2}};
            float[][] y = {{0, 1}};
            float[] w = {1};
            assertThatThrownBy(() -> head.probabilities(new float[][] {{1, 2}, {1}}))
                    .hasMessageContaining("row 1 of features must have 2 values, but has 1");
            assertThatThrownBy(() -> head.probabilities(new float[][] {{1, Float.NaN}}))
                    .hasMessageContaining("row 0 of features must be finite, but holds NaN");
            assertThatThrownBy(() -> head.train(x, new float[][] {{0, 0, 1}}, w))
                    .hasMessageContaining("a probability for each of 2 classes, but has 3");
            assertThatThrownBy(() -> head.train(x, new float[][] {{1, 1}}, w))
                    .hasMessageContaining("targets must sum to 1, but sum to 2.0");
            assertThatThrownBy(() -> head.train(x, y, new float[] {1, 1})).hasMessageContaining("2 weights");
            assertThatThrownBy(() -> head.train(x, y, new float[] {-1}))
                    .hasMessageContaining("weight 0 must be positive, but is -1.0");
            assertThatThrownBy(() -> head.train(new float[0][], new float[0][], new float[0]))
                    .hasMessageContaining("at least 1");
            assertThat(head.state().iteration()).isZero();
        }
    }

    @Test
    void shouldRefuseAStateOfAnotherForm() {
        HeadSpec spec = new HeadSpec(2, 3, 0.05, 7);
        HeadState state = HeadGrowth.first(spec, 2);

        assertThatThrownBy(() -> GraphHead.restore(new HeadSpec(2, 0, 0.05, 7), state))
                .hasMessageContaining("parameters must be [output/W, output/b]");
        assertThatThrownBy(() -> GraphHead.restore(new HeadSpec(4, 3, 0.05, 7), state))
                .hasMessageContaining("hidden/W must have shape [4, 3], but has [2, 3]");
        assertThatThrownBy(() -> GraphHead.restore(spec, new HeadState(state.parameters(), Map.of(), 5)))
                .hasMessageContaining("optimiser must be");
        assertThatThrownBy(() -> GraphHead.restore(spec, new HeadState(state.parameters(), state.optimiser(), -1)))
                .hasMessageContaining("iteration must be 0");
        assertThatThrownBy(() -> HeadGrowth.grown(state, 1)).hasMessageContaining("outputs only grow");
        assertThatThrownBy(() -> GraphHead.create(spec, 0)).hasMessageContaining("at least 1 output");
    }

    /** Trains on the batches from {@code first} (inclusive) to {@code end} (exclusive) and closes the head. */
    private static HeadState trained(GraphHead head, int first, int end) {
        try (head) {
            for (int step = first; step < end; step++) {
                HeadData.random(step, 1 + step % 8, head.inputs(), head.outputs())
                        .train(head);
            }
            return head.state();
        }
    }

    private static HeadState shrunk(HeadState state, int outputs) {
        return new HeadState(
                shrunk(state.parameters(), outputs), shrunk(state.optimiser(), outputs), state.iteration());
    }

    private static Map<String, Tensor.F32> shrunk(Map<String, Tensor.F32> tensors, int outputs) {
        Map<String, Tensor.F32> shrunk = new TreeMap<>(tensors);
        shrunk.replaceAll((name, tensor) -> {
            if (!name.contains("output/")) {
                return tensor;
            }
            int[] shape = tensor.shape().clone();
            int before = shape[shape.length - 1];
            shape[shape.length - 1] = outputs;
            int rows = tensor.values().length / before;
            float[] values = new float[rows * outputs];
            for (int i = 0; i < values.length; i++) {
                values[i] = tensor.values()[i / outputs * before + i % outputs];
            }
            return new Tensor.F32(shape, values);
        });
        return shrunk;
    }

    private static byte[] bytes(HeadState state) {
        Map<String, Tensor> tensors = new HashMap<>(state.parameters());
        tensors.putAll(state.optimiser());
        return Safetensors.write(tensors, Map.of("iteration", Long.toString(state.iteration())));
    }

    private static HeadState fromBytes(byte[] file) {
        Safetensors.Contents contents = Safetensors.read(file);
        Map<String, Tensor.F32> parameters = new HashMap<>();
        Map<String, Tensor.F32> optimiser = new HashMap<>();
        for (String name : contents.tensors().keySet()) {
            (name.startsWith("adam.") || name.startsWith("momentum/") ? optimiser : parameters)
                    .put(name, contents.floats(name));
        }
        return new HeadState(
                parameters, optimiser, Long.parseLong(contents.metadata().getOrDefault("iteration", "")));
    }
}
