package io.headwater.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.engine.graph.layer.Activation;
import io.headwater.engine.graph.layer.BatchNorm;
import io.headwater.engine.graph.layer.Combine;
import io.headwater.engine.graph.layer.Dense;
import io.headwater.engine.graph.layer.GlobalPool;
import io.headwater.engine.graph.layer.Padding;
import io.headwater.engine.graph.layer.PoolKind;
import io.headwater.engine.graph.layer.Recurrent;
import io.headwater.engine.graph.layer.Reshape;
import io.headwater.engine.graph.layer.Shape;
import io.headwater.engine.graph.layer.Size;
import io.headwater.engine.graph.layer.WindowPool;
import io.headwater.engine.weights.Tensor;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.nd4j.linalg.api.buffer.DataType;

/** Compares the gradients of every layer that a top can have with central differences in double precision. */
class GraphTopGradientTest {
    private static final float STEP = 0x1p-14f;

    @Property(tries = 6)
    void shouldHoldForConvolutionsPoolingAndDenseLayers(
            @ForAll @LongRange(min = 1) long seed,
            @ForAll @IntRange(min = 6, max = 11) int size,
            @ForAll @IntRange(min = 1, max = 3) int channels,
            @ForAll @IntRange(min = 1, max = 3) int filters,
            @ForAll @IntRange(min = 1, max = 4) int rows) {
        check(GraphModels.vgg(size, channels, filters, seed), "in", rows, seed);
    }

    @Property(tries = 6)
    void shouldHoldForBatchNormalizationAndShortcuts(
            @ForAll @LongRange(min = 1) long seed,
            @ForAll @IntRange(min = 3, max = 8) int size,
            @ForAll @IntRange(min = 1, max = 4) int filters,
            @ForAll @IntRange(min = 1, max = 4) int rows) {
        check(GraphModels.resnet(size, filters, seed), "in", rows, seed);
    }

    @Property(tries = 4)
    void shouldHoldForBatchNormalizationByTheRowsOfAStep(
            @ForAll @LongRange(min = 1) long seed,
            @ForAll @IntRange(min = 3, max = 8) int size,
            @ForAll @IntRange(min = 1, max = 4) int filters,
            @ForAll @IntRange(min = 2, max = 5) int rows) {
        GraphModel residual = GraphModels.resnet(size, filters, seed);
        check(residual, "in", rows, seed, norms(residual));
        GraphModel joined = GraphModels.inception(size, seed);
        check(joined, "in", rows, seed, norms(joined));
    }

    private static Set<String> norms(GraphModel model) {
        return model.vertices().stream()
                .filter(vertex -> vertex.operation() instanceof BatchNorm)
                .map(GraphModel.Vertex::name)
                .collect(Collectors.toSet());
    }

    @Property(tries = 6)
    void shouldHoldForDepthwiseConvolutionsAndJoinedWays(
            @ForAll @LongRange(min = 1) long seed,
            @ForAll @IntRange(min = 3, max = 8) int size,
            @ForAll @IntRange(min = 1, max = 4) int rows) {
        check(GraphModels.inception(size, seed), "in", rows, seed);
    }

    @Property(tries = 6)
    void shouldHoldForRecurrentLayers(
            @ForAll @LongRange(min = 1) long seed,
            @ForAll Recurrent.Kind kind,
            @ForAll @IntRange(min = 1, max = 4) int width,
            @ForAll @IntRange(min = 1, max = 5) int steps,
            @ForAll @IntRange(min = 1, max = 4) int units,
            @ForAll @IntRange(min = 1, max = 3) int rows) {
        check(GraphModels.recurrent(kind, width, steps, units, seed), "in", rows, seed);
    }

    @Property(tries = 20)
    void shouldHoldForEveryCombinationAndActivation(
            @ForAll @LongRange(min = 1) long seed, @ForAll Combine.Kind combine, @ForAll Activation.Kind kind) {
        Activation activation = new Activation(
                kind == Activation.Kind.SOFTMAX ? Activation.Kind.TANH : kind,
                kind == Activation.Kind.LEAKY_RELU || kind == Activation.Kind.ELU ? 0.7 : 0);
        GraphModel model = new GraphModels(new Shape.Features(5))
                .add("a", new Dense(4, true, activation), "in")
                .add("b", new Dense(4, true, GraphModels.TANH), "in")
                .add("c", new Combine(combine), "a", "b")
                .then("image", new Reshape(new Shape.Image(combine == Combine.Kind.CONCAT ? 2 : 1, 2, 2)))
                .then("most", new WindowPool(PoolKind.MAX, GraphModels.TWO, Size.ONE, Padding.SAME))
                .then("max", new GlobalPool(PoolKind.MAX))
                .then("classifier", new Dense(3, true, Activation.SOFTMAX))
                .build(seed);

        check(model, "in", 3, seed);
    }

    @Property(tries = 6)
    void shouldHoldForExponentialLinearUnitsOfAnyAlpha(
            @ForAll @LongRange(min = 1) long seed, @ForAll @DoubleRange(min = 0.1, max = 3) double alpha) {
        GraphModel model = new GraphModels(new Shape.Features(5))
                .add("a", new Dense(8, true, new Activation(Activation.Kind.ELU, alpha)), "in")
                .then("classifier", new Dense(3, true, Activation.SOFTMAX))
                .build(seed);

        check(model, "in", 3, seed);
    }

    private static void check(GraphModel model, String cut, int rows, long seed) {
        check(model, cut, rows, seed, Set.of());
    }

    private static void check(GraphModel model, String cut, int rows, long seed, Set<String> measuring) {
        Shape shape = Objects.requireNonNull(model.shapes().get(cut));
        float[][] inputs = GraphModels.rows(shape, rows, seed);
        Random random = new Random(seed);
        try (GraphTop top = GraphTop.of(model, cut, DataType.DOUBLE)) {
            float[][] targets = new float[rows][top.outputs()];
            float[] weights = new float[rows];
            for (int row = 0; row < rows; row++) {
                targets[row][random.nextInt(top.outputs())] = 1;
                weights[row] = 0.5f + random.nextFloat();
            }
            GraphTop.Gradients gradients = top.gradients(inputs, targets, weights, measuring);
            assertThat(gradients.loss()).isLessThan(20);
            assertThat(gradients.values().keySet()).isEqualTo(top.initial().keySet());

            top.initial().forEach((name, tensor) -> {
                float[] gradient = Objects.requireNonNull(gradients.values().get(name));
                assertThat(gradient).hasSameSizeAs(tensor.values());
                // Only a few elements of each parameter.
                for (int i = 0; i < gradient.length; i += 1 + gradient.length / 4) {
                    int place = i;
                    DoubleUnaryOperator loss = by -> {
                        top.set(with(top.initial(), name, place, (float) (tensor.values()[place] + by)));
                        return top.gradients(inputs, targets, weights, measuring)
                                .loss();
                    };
                    double difference = difference(loss, tensor.values()[i], gradient[i]);
                    assertThat((double) gradient[i])
                            .as("%s[%d]", name, i)
                            .isCloseTo(difference, within(tolerance(difference)));
                }
                top.set(top.initial());
            });
        }
    }

    /**
     * Returns the central difference of a loss at a weight. If a maximum changes or an activation has a kink within
     * the step, the difference mixes both sides; a shorter step stays on one side.
     */
    private static double difference(DoubleUnaryOperator loss, float weight, double expected) {
        double difference = Double.NaN;
        for (float step = STEP; step > STEP / 1000; step /= 8) {
            float above = weight + step;
            float below = weight - step;
            difference = (loss.applyAsDouble((double) above - weight) - loss.applyAsDouble((double) below - weight))
                    / ((double) above - below);
            if (Math.abs(difference - expected) < tolerance(difference)) {
                return difference;
            }
        }
        return difference;
    }

    private static double tolerance(double difference) {
        return 2e-5 * Math.max(1, Math.abs(difference));
    }

    private static Map<String, Tensor.F32> with(Map<String, Tensor.F32> all, String name, int i, float value) {
        Map<String, Tensor.F32> changed = new TreeMap<>(all);
        changed.computeIfPresent(name, (key, tensor) -> {
            float[] values = tensor.values().clone();
            values[i] = value;
            return new Tensor.F32(tensor.shape(), values);
        });
        return changed;
    }
}
