package io.headwater.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.engine.HeadGrowth;
import io.headwater.engine.HeadState;
import io.headwater.engine.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GraphTopHeadTest {

    static Stream<GraphTopHead.Form> forms() {
        return Stream.of(
                new GraphTopHead.Form(GraphModels.resnet(8, 3, 1), "relu", "b/add", Pooling.MEAN, 0.01),
                new GraphTopHead.Form(GraphModels.vgg(8, 3, 2, 1), "pool", "conv3", Pooling.NONE, 0.01),
                new GraphTopHead.Form(
                        GraphModels.recurrent(Recurrent.Kind.LSTM, 3, 5, 4, 1), "rnn1", "fc", Pooling.NONE, 0.01));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void shouldLearn(GraphTopHead.Form form) {
        try (GraphTopHead head = GraphTopHead.create(form, 3)) {
            float[][] rows = GraphModels.rows(new Shape.Features(head.inputs()), 12, 1);
            assertThat(head.probabilities(rows)[0])
                    .containsExactly(new float[] {1 / 3f, 1 / 3f, 1 / 3f}, within(1e-6f));
            double first = head.train(rows, targets(12), weights(12));
            assertThat(first).isCloseTo(Math.log(3) * mean(weights(12)), within(1e-5));
            for (int step = 0; step < 150; step++) {
                head.train(rows, targets(12), weights(12));
            }

            float[][] probabilities = head.probabilities(rows);
            for (int row = 0; row < 12; row++) {
                assertThat(probabilities[row][row % 3]).isGreaterThan(0.8f);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void shouldGoOnBitForBit(GraphTopHead.Form form) {
        try (GraphTopHead head = GraphTopHead.create(form, 3)) {
            float[][] rows = GraphModels.rows(new Shape.Features(head.inputs()), 6, 1);
            head.train(rows, targets(6), weights(6));
            head.train(rows, targets(6), weights(6));
            HeadState state = head.state();
            try (GraphTopHead restored = GraphTopHead.restore(form, state)) {
                assertSame(restored.state(), state);
                assertThat(restored.train(rows, targets(6), weights(6)))
                        .isEqualTo(head.train(rows, targets(6), weights(6)));

                assertSame(restored.state(), head.state());
                assertThat(restored.probabilities(rows)).isDeepEqualTo(head.probabilities(rows));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void shouldWriteItsWeightsBackIntoTheModel(GraphTopHead.Form form) {
        try (GraphTopHead head = GraphTopHead.create(form, 3)) {
            float[][] rows = GraphModels.rows(new Shape.Features(head.inputs()), 6, 1);
            head.train(rows, targets(6), weights(6));
            HeadState state = head.state();

            GraphModel model =
                    GraphModel.read(GraphTopHead.model(form, state.parameters()).write());

            GraphCutTest.assertClose(
                    "written", GraphCutTest.forward(model, form.cut(), "output", rows), head.probabilities(rows));
            form.base().weights().forEach((name, tensor) -> {
                Tensor.F32 kept = model.weights().get(name);
                if (kept != null && !state.parameters().containsKey(name)) {
                    assertThat(kept.values()).isEqualTo(tensor.values());
                }
            });
        }
    }

    @Test
    void shouldKeepItsAnswersWhenClassesAreAdded() {
        GraphTopHead.Form form =
                new GraphTopHead.Form(GraphModels.resnet(8, 3, 1), "relu", "b/add", Pooling.MEAN, 0.01);
        try (GraphTopHead head = GraphTopHead.create(form, 2)) {
            float[][] rows = GraphModels.rows(new Shape.Features(head.inputs()), 2, 1);
            head.train(rows, new float[][] {{1, 0}, {0, 1}}, weights(2));
            float[] before = head.probabilities(rows)[0];
            try (GraphTopHead grown = GraphTopHead.restore(form, HeadGrowth.grown(head.state(), 3))) {
                float[] after = grown.probabilities(rows)[0];

                assertThat(after).hasSize(3);
                assertThat(after[0] / after[1]).isCloseTo(before[0] / before[1], within(1e-5f));
            }
        }
    }

    @Test
    void shouldRefuseWhatDoesNotFit() {
        GraphTopHead.Form form =
                new GraphTopHead.Form(GraphModels.resnet(8, 3, 1), "relu", "b/add", Pooling.MEAN, 0.01);
        try (GraphTopHead head = GraphTopHead.create(form, 3)) {
            HeadState state = head.state();
            Map<String, Tensor.F32> fewer = new TreeMap<>(state.parameters());
            fewer.remove("a/bn1/gamma");

            assertThatThrownBy(() -> GraphTopHead.restore(form, HeadState.ofParameters(fewer)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a head's parameters must be");
            assertThatThrownBy(() -> head.train(new float[1][5], new float[][] {{1, 0, 0}}, weights(1)))
                    .hasMessageContaining("must have 192 values");
            assertThatThrownBy(() -> head.train(new float[1][192], new float[][] {{1, 1, 0}}, weights(1)))
                    .hasMessageContaining("must sum to 1");
            assertThatThrownBy(() -> head.train(new float[0][], new float[0][], new float[0]))
                    .hasMessageContaining("at least 1");
        }
        assertThatThrownBy(() -> GraphTopHead.create(
                        new GraphTopHead.Form(form.base(), "words", "b/add", Pooling.MEAN, 0.01), 3))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("no vertex 'words'");
        assertThatThrownBy(() -> GraphTopHead.create(
                        new GraphTopHead.Form(GraphModels.text(1), "words", "mean", Pooling.NONE, 0.01), 3))
                .hasMessageContaining("fixed size");
    }

    private static void assertSame(HeadState actual, HeadState expected) {
        assertThat(actual.iteration()).isEqualTo(expected.iteration());
        assertSame(actual.parameters(), expected.parameters());
        assertSame(actual.optimiser(), expected.optimiser());
    }

    private static void assertSame(Map<String, Tensor.F32> actual, Map<String, Tensor.F32> expected) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, tensor) -> assertThat(
                        Objects.requireNonNull(actual.get(name)).values())
                .as(name)
                .isEqualTo(tensor.values()));
    }

    private static float[][] targets(int rows) {
        float[][] targets = new float[rows][3];
        for (int row = 0; row < rows; row++) {
            targets[row][row % 3] = 1;
        }
        return targets;
    }

    private static float[] weights(int rows) {
        float[] weights = new float[rows];
        Arrays.fill(weights, 1);
        weights[0] = 1.5f;
        return weights;
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
