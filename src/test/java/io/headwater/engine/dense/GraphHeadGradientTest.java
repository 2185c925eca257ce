package io.headwater.engine.dense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.engine.HeadData;
import io.headwater.engine.HeadState;
import io.headwater.engine.ReferenceHead;
import io.headwater.engine.weights.Tensor;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.nd4j.linalg.api.buffer.DataType;

/** Compares the gradients of Deeplearning4j with finite differences and a plain implementation. */
class GraphHeadGradientTest {
    private static final float STEP = 0x1p-18f;

    /** After one step from zero moments, Adam's first moment is a tenth of the gradient. */
    @Property(tries = 12)
    void shouldHaveTheGradientOfTheLoss(
            @ForAll @LongRange(min = 1) long seed,
            @ForAll @IntRange(min = 1, max = 6) int rows,
            @ForAll @IntRange(min = 1, max = 5) int inputs,
            @ForAll @IntRange(min = 0, max = 4) int hidden,
            @ForAll @IntRange(min = 1, max = 4) int outputs) {
        HeadSpec spec = new HeadSpec(inputs, hidden, 0.01, seed);
        HeadData data = HeadData.random(seed, rows, inputs, outputs);
        HeadState start = randomState(spec, outputs, seed);

        Map<String, Tensor.F32> moments = afterOneStep(spec, start, data).optimiser();

        start.parameters().forEach((name, tensor) -> {
            float[] moment = values(moments, "adam.m/" + name);
            // Only a few elements of each parameter, because each needs two graphs.
            for (int i = 0; i < moment.length; i += 1 + moment.length / 3) {
                assertThat(moment[i] / 0.1)
                        .as("%s[%d]", name, i)
                        .isCloseTo(difference(spec, start, data, name, i), within(2e-6));
            }
        });
    }

    @Property(tries = 12)
    void shouldFollowAPlainImplementationOfAdam(
            @ForAll @LongRange(min = 1) long seed,
            @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll @IntRange(min = 0, max = 6) int hidden,
            @ForAll @IntRange(min = 1, max = 5) int outputs) {
        HeadSpec spec = new HeadSpec(7, hidden, 0.01, seed);
        HeadState start = randomState(spec, outputs, seed);
        ReferenceHead reference = new ReferenceHead(spec, start, outputs);

        try (GraphHead head = GraphHead.restore(spec, HeadTraining.DEFAULT, start, DataType.DOUBLE)) {
            for (int step = 0; step < 20; step++) {
                HeadData data = HeadData.random(seed + step, rows, 7, outputs);
                assertThat(data.train(head)).isCloseTo(reference.loss(data), within(1e-5));
                reference.train(data);
            }
            head.state().parameters().forEach((name, tensor) -> {
                for (int i = 0; i < tensor.values().length; i++) {
                    assertThat((double) tensor.values()[i])
                            .as("%s[%d]", name, i)
                            .isCloseTo(reference.parameter(name)[i], within(1e-5));
                }
            });
        }
    }

    private static double difference(HeadSpec spec, HeadState state, HeadData data, String name, int i) {
        float value = values(state.parameters(), name)[i];
        float above = value + STEP;
        float below = value - STEP;
        return (loss(spec, with(state, name, i, above), data) - loss(spec, with(state, name, i, below), data))
                / ((double) above - below);
    }

    private static double loss(HeadSpec spec, HeadState state, HeadData data) {
        try (GraphHead head = GraphHead.restore(spec, HeadTraining.DEFAULT, state, DataType.DOUBLE)) {
            return data.train(head);
        }
    }

    private static HeadState afterOneStep(HeadSpec spec, HeadState state, HeadData data) {
        try (GraphHead head = GraphHead.restore(spec, HeadTraining.DEFAULT, state, DataType.DOUBLE)) {
            data.train(head);
            return head.state();
        }
    }

    private static HeadState with(HeadState state, String name, int i, float value) {
        Map<String, Tensor.F32> parameters = new TreeMap<>(state.parameters());
        float[] values = values(parameters, name).clone();
        values[i] = value;
        parameters.computeIfPresent(name, (key, tensor) -> new Tensor.F32(tensor.shape(), values));
        return new HeadState(parameters, state.optimiser(), state.iteration());
    }

    private static float[] values(Map<String, Tensor.F32> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name).values();
    }

    /** Returns an initial state with random parameters, so that no symmetry hides a fault. */
    static HeadState randomState(HeadSpec spec, int outputs, long seed) {
        HeadState first = HeadGrowth.first(spec, outputs);
        java.util.Random random = new java.util.Random(seed);
        Map<String, Tensor.F32> parameters = new TreeMap<>();
        first.parameters().forEach((name, tensor) -> {
            float[] values = new float[tensor.values().length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian() / 2;
            }
            parameters.put(name, new Tensor.F32(tensor.shape(), values));
        });
        return new HeadState(parameters, first.optimiser(), 0);
    }
}
