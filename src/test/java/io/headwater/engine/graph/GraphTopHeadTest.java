package io.headwater.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.OptimiserConfig;
import io.headwater.config.OptimiserConfig.Schedule;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TopConfig;
import io.headwater.config.TopConfig.BatchStatistics;
import io.headwater.engine.HeadState;
import io.headwater.engine.PretrainedOutputLayer;
import io.headwater.engine.dense.HeadGrowth;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.Recurrent;
import io.headwater.engine.graph.layer.Shape;
import io.headwater.engine.weights.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GraphTopHeadTest {
    private static final OptimiserConfig ADAM =
            new OptimiserConfig(Updater.ADAM, 0.9, 0, Schedule.CONSTANT, 0, 1, 0, 1, 1, 0);
    /** An optimiser with clipping, weight decay and L2-SP. */
    private static final OptimiserConfig HELD =
            new OptimiserConfig(Updater.ADAMW, 0.9, 0.1, Schedule.CONSTANT, 0, 1, 1, 1, 1, 0.5);

    static Stream<GraphTopForm> forms() {
        return Stream.of(
                new GraphTopForm(GraphModels.resnet(8, 3, 1), "relu", "b/add", Pooling.MEAN, 0.01),
                new GraphTopForm(GraphModels.vgg(8, 3, 2, 1), "pool", "conv3", Pooling.NONE, 0.01),
                new GraphTopForm(
                        GraphModels.recurrent(Recurrent.Kind.LSTM, 3, 5, 4, 1), "rnn1", "fc", Pooling.NONE, 0.01),
                updating(GraphModels.resnet(8, 3, 1), "conv", "b/add", Pooling.MEAN, ADAM),
                updating(GraphModels.inception(6, 1), "up", "act", Pooling.NONE, ADAM));
    }

    /** Returns a form whose running statistics are updated by the steps. */
    private static GraphTopForm updating(
            GraphModel model, String cut, String feature, Pooling pooling, OptimiserConfig rule) {
        return updating(model, cut, feature, pooling, rule, Strategy.FINE_TUNE, List.of());
    }

    private static GraphTopForm updating(
            GraphModel model,
            String cut,
            String feature,
            Pooling pooling,
            OptimiserConfig rule,
            Strategy strategy,
            List<String> boundaries) {
        TopConfig top = TopConfig.DEFAULT.withBatchNorm(BatchStatistics.UPDATE);
        return new GraphTopForm(
                model,
                cut,
                feature,
                pooling,
                0.01,
                rule,
                new StrategyConfig(cut, strategy, 0, PhaseBy.STEPS, 2, top),
                boundaries,
                PretrainedOutputLayer.NONE);
    }

    @ParameterizedTest
    @CsvSource({"conv, bn, 64", "fc, bn2, 1"})
    void shouldMoveItsRunningStatisticsByTheRowsOfAStep(String cut, String norm, int places) {
        GraphTopForm form = places > 1
                ? updating(GraphModels.resnet(8, 3, 1), cut, "b/add", Pooling.MEAN, HELD)
                : updating(GraphModels.inception(6, 1), cut, "act", Pooling.NONE, HELD);
        try (GraphTopHead head = GraphTopHead.create(form, 3)) {
            float[][] rows = GraphModels.rows(new Shape.Features(head.inputs()), 6, 1);
            double[] mean = doubles(head, norm + "/mean");
            double[] var = doubles(head, norm + "/var");
            for (int step = 0; step < 3; step++) {
                head.train(rows, targets(6), weights(6));
                for (int c = 0; c < mean.length; c++) {
                    double[] measured = measured(rows, c, places);
                    mean[c] = 0.99 * mean[c] + 0.01 * measured[0];
                    var[c] = 0.99 * var[c] + 0.01 * measured[1];
                }
            }
            assertThat(doubles(head, norm + "/mean")).containsExactly(mean, within(1e-5));
            assertThat(doubles(head, norm + "/var")).containsExactly(var, within(1e-5));
            assertThat(head.state().optimiser().keySet())
                    .noneMatch(name -> name.endsWith("/mean") || name.endsWith("/var"));

            HeadState before = head.state();
            head.train(new float[][] {rows[0]}, targets(1), weights(1));
            assertThat(moved(before, head.state(), norm + "/var")).isEqualTo(places > 1);
        }
    }

    @Test
    void shouldKeepRunningStatisticsUntilTheirBlockLearns() {
        GraphTopForm form = updating(
                GraphModels.resnet(8, 3, 1), "conv", "b/add", Pooling.MEAN, ADAM, Strategy.GRADUAL, List.of("relu"));
        try (GraphTopHead head = GraphTopHead.create(form, 3)) {
            float[][] rows = GraphModels.rows(new Shape.Features(head.inputs()), 6, 1);
            for (int step = 0; step < 6; step++) {
                HeadState before = head.state();
                head.train(rows, targets(6), weights(6));
                assertThat(moved(before, head.state(), "a/bn1/mean")).isEqualTo(step >= 2);
                assertThat(moved(before, head.state(), "a/bn2/var")).isEqualTo(step >= 2);
                assertThat(moved(before, head.state(), "bn/mean")).isEqualTo(step >= 4);
            }
        }
    }

    @Test
    void shouldRefuseToMoveRunningStatisticsWhereThereAreNone() {
        assertThatThrownBy(() -> updating(GraphModels.vgg(8, 3, 2, 1), "pool", "conv3", Pooling.NONE, ADAM))
                .isInstanceOf(GraphException.class)
                .hasMessage(
                        "training.batch-norm update needs a batch normalization between 'pool' and 'conv3', but there is"
                                + " none; leave it out or choose a lower cut");
    }

    @ParameterizedTest
    @MethodSource("forms")
    void shouldLearn(GraphTopForm form) {
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
    void shouldGoOnBitForBit(GraphTopForm form) {
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
    void shouldWriteItsWeightsBackIntoTheModel(GraphTopForm form) {
        try (GraphTopHead head = GraphTopHead.create(form, 3)) {
            float[][] rows = GraphModels.rows(new Shape.Features(head.inputs()), 6, 1);
            head.train(rows, targets(6), weights(6));
            HeadState state = head.state();

            GraphModel model = GraphModel.read(form.model(state.parameters()).write());

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
        GraphTopForm form = new GraphTopForm(GraphModels.resnet(8, 3, 1), "relu", "b/add", Pooling.MEAN, 0.01);
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
        GraphTopForm form = new GraphTopForm(GraphModels.resnet(8, 3, 1), "relu", "b/add", Pooling.MEAN, 0.01);
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
        assertThatThrownBy(() ->
                        GraphTopHead.create(new GraphTopForm(form.base(), "words", "b/add", Pooling.MEAN, 0.01), 3))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("no vertex 'words'");
        assertThatThrownBy(() -> GraphTopHead.create(
                        new GraphTopForm(GraphModels.text(1), "words", "mean", Pooling.NONE, 0.01), 3))
                .hasMessageContaining("fixed size");
    }

    private static boolean moved(HeadState before, HeadState after, String name) {
        return !Arrays.equals(
                Objects.requireNonNull(before.parameters().get(name)).values(),
                Objects.requireNonNull(after.parameters().get(name)).values());
    }

    private static double[] doubles(GraphTopHead head, String name) {
        float[] values =
                Objects.requireNonNull(head.state().parameters().get(name)).values();
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    /** Returns mean and variance of a channel. */
    private static double[] measured(float[][] rows, int channel, int places) {
        double sum = 0;
        double squares = 0;
        for (float[] row : rows) {
            for (int i = channel * places; i < (channel + 1) * places; i++) {
                sum += row[i];
                squares += (double) row[i] * row[i];
            }
        }
        double mean = sum / (rows.length * places);
        return new double[] {mean, squares / (rows.length * places) - mean * mean};
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
