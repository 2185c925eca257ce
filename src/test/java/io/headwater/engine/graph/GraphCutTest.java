package io.headwater.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.engine.Logits;
import io.headwater.engine.graph.GraphCut.Cut;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.Recurrent;
import io.headwater.engine.graph.layer.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class GraphCutTest {

    static Stream<GraphModel> models() {
        return Stream.of(
                GraphModels.vgg(10, 3, 4, 1),
                GraphModels.resnet(9, 4, 2),
                GraphModels.inception(7, 3),
                GraphModels.recurrent(Recurrent.Kind.LSTM, 3, 5, 4, 4),
                GraphModels.recurrent(Recurrent.Kind.SIMPLE, 3, 5, 4, 5));
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldGiveTheSameInTwoPartsAtEveryCut(GraphModel model) {
        float[][] inputs = GraphModels.rows(model.input().shape(), 3, 11);
        float[][] whole = forward(model, model.input().name(), model.output(), inputs);

        for (Cut cut : GraphCut.cuts(model)) {
            float[][] features = forward(model, model.input().name(), cut.name(), inputs);
            try (GraphTop top = GraphTop.of(model, cut.name())) {
                float[][] answers = top.logits(features);
                for (float[] row : answers) {
                    Logits.softmax(row, 0, row.length);
                }
                assertClose(cut.name(), answers, whole);
            }
            assertClose(cut.name(), forward(model, cut.name(), model.output(), features), whole);
        }
    }

    @Test
    void shouldListTheVerticesThatSeparate() {
        GraphModel model = GraphModels.resnet(8, 2, 1);

        List<Cut> cuts = GraphCut.cuts(model);

        assertThat(cuts).extracting(Cut::name).containsExactly("conv", "bn", "relu", "a/add", "b/add", "mean");
        assertThat(cuts).extracting(Cut::parametersAbove).last().isEqualTo(2 * 4 + 4L);
        assertThat(cuts.get(2).shape()).isEqualTo(new Shape.Image(2, 8, 8));
    }

    @Test
    void shouldRefuseACutThatDoesNotSeparate() {
        GraphModel model = GraphModels.resnet(8, 2, 1);

        assertThatThrownBy(() -> GraphCut.between(model, "a/bn2", "mean"))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("a/bn2")
                .hasMessageContaining("a way past it")
                .hasMessageContaining("b/add");
        assertThatThrownBy(() -> GraphCut.between(model, "mean", "bn"))
                .hasMessageContaining("nothing of it gets there");
        assertThatThrownBy(() -> GraphCut.between(model, "none", "bn")).hasMessageContaining("no vertex 'none'");
    }

    static float[][] forward(GraphModel model, String from, String to, float[][] rows) {
        ComputationGraph graph = GraphNetwork.answering(model, from, to, null, DataType.FLOAT);
        Shape in = java.util.Objects.requireNonNull(model.shapes().get(from));
        Shape out = java.util.Objects.requireNonNull(model.shapes().get(to));
        INDArray result = graph.outputSingle(false, GraphNetwork.batch(rows, in, DataType.FLOAT));
        return GraphNetwork.rows(GraphNetwork.values(result, out), rows.length);
    }

    static void assertClose(String what, float[][] actual, float[][] expected) {
        assertThat(actual.length).isEqualTo(expected.length);
        for (int row = 0; row < expected.length; row++) {
            assertThat(actual[row].length).as(what).isEqualTo(expected[row].length);
            for (int i = 0; i < expected[row].length; i++) {
                assertThat(actual[row][i])
                        .as("%s row %d value %d", what, row, i)
                        .isCloseTo(expected[row][i], within(1e-5f * Math.max(1, Math.abs(expected[row][i]))));
            }
        }
    }
}
