package io.headwater.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.engine.graph.GraphModel.Vertex;
import io.headwater.engine.graph.layer.Activate;
import io.headwater.engine.graph.layer.Activation;
import io.headwater.engine.graph.layer.Combine;
import io.headwater.engine.graph.layer.Dense;
import io.headwater.engine.graph.layer.Recurrent;
import io.headwater.engine.graph.layer.Shape;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Compares Deeplearning4j's layers with the definitions of the operations. */
class GraphNetworkTest {

    @Property(tries = 6)
    void shouldMeanWhatTheOperationsSay(
            @ForAll @LongRange(min = 1) long seed,
            @ForAll @IntRange(min = 5, max = 12) int size,
            @ForAll @IntRange(min = 1, max = 4) int filters) {
        Stream.of(
                        GraphModels.vgg(size, 2, filters, seed),
                        GraphModels.resnet(size, filters, seed),
                        GraphModels.inception(size, seed),
                        GraphModels.recurrent(Recurrent.Kind.LSTM, 3, size, filters, seed),
                        GraphModels.recurrent(Recurrent.Kind.SIMPLE, 3, size, filters, seed))
                .forEach(model -> check(model, seed));
    }

    @Property(tries = 30)
    void shouldMeanWhatActivationsAndCombinationsSay(
            @ForAll @LongRange(min = 1) long seed, @ForAll Activation.Kind kind, @ForAll Combine.Kind combine) {
        boolean sloped = kind == Activation.Kind.LEAKY_RELU || kind == Activation.Kind.ELU;
        check(
                new GraphModels(new Shape.Features(9))
                        .add("a", new Activate(new Activation(kind, sloped ? 0.3 : 0)), "in")
                        .add("b", new Dense(9, true, GraphModels.TANH), "in")
                        .add("c", new Combine(combine), "a", "b")
                        .build(seed),
                seed);
    }

    private static void check(GraphModel model, long seed) {
        float[][] inputs = GraphModels.rows(model.input().shape(), 2, seed);
        Map<String, double[]> first = new PlainNetwork(model).run(inputs[0]);
        Map<String, double[]> second = new PlainNetwork(model).run(inputs[1]);
        for (Vertex vertex : model.vertices()) {
            float[][] actual = GraphCutTest.forward(model, model.input().name(), vertex.name(), inputs);
            assertClose(vertex, actual[0], Objects.requireNonNull(first.get(vertex.name())));
            assertClose(vertex, actual[1], Objects.requireNonNull(second.get(vertex.name())));
        }
    }

    private static void assertClose(Vertex vertex, float[] actual, double[] expected) {
        assertThat(actual.length).as("%s", vertex).isEqualTo(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i])
                    .as("%s value %d", vertex, i)
                    .isCloseTo(expected[i], within(1e-5 * Math.max(1, Math.abs(expected[i]))));
        }
    }
}
