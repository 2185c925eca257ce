package io.headwater.engine.dense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.OptimiserConfig;
import io.headwater.config.TrainingConfig.GradientConfig;
import io.headwater.config.TrainingConfig.GradientConfig.ScalingChoice;
import io.headwater.config.TrainingConfig.RememberConfig;
import io.headwater.config.TrainingConfig.RememberConfig.Method;
import io.headwater.engine.Head;
import io.headwater.engine.HeadData;
import io.headwater.engine.HeadState;
import io.headwater.engine.PretrainedOutputLayer;
import io.headwater.engine.weights.Tensor;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests heads that hold their weights near former ones, which become the anchor after every 20th step. */
class ElasticHeadTest {
    private static final int INPUTS = 5;
    private static final int OUTPUTS = 3;

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void shouldGoOnBitForBitFromItsState(int hidden) {
        HeadState whole = learned(heads(hidden, 100).create(OUTPUTS), 1, 50);

        HeadState half = learned(heads(hidden, 100).create(OUTPUTS), 1, 27);
        HeadState resumed = learned(heads(hidden, 100).restore(half), 27, 50);

        assertSame(resumed.parameters(), whole.parameters());
        assertSame(resumed.optimiser(), whole.optimiser());
    }

    @Test
    void shouldLearnAsWithoutAnAnchorUntilThereIsOne() {
        assertSame(
                learned(heads(4, 100).create(OUTPUTS), 1, 21).parameters(),
                learned(heads(4, 0).create(OUTPUTS), 1, 21).parameters());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void shouldStayNearerToItsAnchorTheMoreItCounts(int hidden) {
        // Given: a head that learned for 20 steps, then learns something else for fewer steps than an anchor lasts
        double free = moved(hidden, 0);
        double held = moved(hidden, 10);
        double fixed = moved(hidden, 10_000);

        assertThat(held).isLessThan(free);
        assertThat(fixed).isLessThan(0.5 * held);
    }

    /** Returns the sum of squared differences of logits that 15 steps on other targets make. */
    private static double moved(int hidden, double strength) {
        HeadData probe = HeadData.random(77, 12, INPUTS, OUTPUTS);
        HeadData other = HeadData.random(99, 16, INPUTS, OUTPUTS);
        try (Head head = heads(hidden, strength).create(OUTPUTS)) {
            for (int step = 0; step < 20; step++) {
                HeadData.random(5, 16, INPUTS, OUTPUTS).train(head);
            }
            float[][] before = head.logits(probe.features());
            for (int step = 0; step < 15; step++) {
                other.train(head);
            }
            float[][] after = head.logits(probe.features());
            double sum = 0;
            for (int i = 0; i < before.length; i++) {
                for (int k = 0; k < OUTPUTS; k++) {
                    sum += Math.pow(after[i][k] - before[i][k], 2);
                }
            }
            return sum;
        }
    }

    @Test
    void shouldHoldWeightsOfNewClassesByNothing() {
        HeadState state = learned(heads(0, 100).create(OUTPUTS), 1, 25);

        HeadState grown = HeadGrowth.grown(state, OUTPUTS + 1);

        Tensor.F32 fisher = tensor(grown, "ewc.fisher/output/W");
        assertThat(fisher.shape()).containsExactly(INPUTS, OUTPUTS + 1);
        for (int input = 0; input < INPUTS; input++) {
            assertThat(fisher.values()[input * (OUTPUTS + 1) + OUTPUTS]).isZero();
        }
        try (Head head = heads(0, 100).restore(grown)) {
            assertThat(HeadData.random(1, 8, INPUTS, OUTPUTS + 1).train(head)).isFinite();
        }
    }

    @Test
    void shouldMoveTheAnchorWithWeightsThatAreConvertedToAnotherScale() {
        GradientConfig scaled = new GradientConfig(1, ScalingChoice.RUNNING, 0, 0, elastic(100));
        GraphHeads heads = heads(4, scaled);
        try (Head head = heads.create(OUTPUTS)) {
            head.observe(HeadData.random(1, 16, INPUTS, OUTPUTS).features());
            for (int step = 0; step < 20; step++) {
                HeadData.random(step, 16, INPUTS, OUTPUTS).train(head);
            }
            assertAnchored(head.state());

            float[][] larger = HeadData.random(2, 64, INPUTS, OUTPUTS).features();
            for (float[] row : larger) {
                row[0] = 30 * row[0] + 4;
            }
            head.observe(larger);

            assertAnchored(head.state());
        }
    }

    /** Requires that the weights of the last step are the anchor. */
    private static void assertAnchored(HeadState state) {
        float[] last = tensor(state, "last/hidden/W").values();
        float[] anchor = tensor(state, "ewc.anchor/hidden/W").values();
        for (int i = 0; i < last.length; i++) {
            assertThat(anchor[i]).isCloseTo(last[i], within(1e-5f));
        }
    }

    private static HeadState learned(Head head, int from, int to) {
        try (head) {
            for (int step = from; step < to; step++) {
                HeadData.random(step, 8, INPUTS, OUTPUTS).train(head);
            }
            return head.state();
        }
    }

    private static GraphHeads heads(int hidden, double strength) {
        return heads(hidden, new GradientConfig(1, ScalingChoice.NONE, 0, 0, elastic(strength)));
    }

    private static GraphHeads heads(int hidden, GradientConfig gradients) {
        return new GraphHeads(
                new HeadSpec(INPUTS, hidden, 0.02, 7),
                new HeadTraining(OptimiserConfig.DEFAULT, 0, PretrainedOutputLayer.NONE, gradients));
    }

    private static RememberConfig elastic(double strength) {
        return new RememberConfig(Method.EWC, strength);
    }

    private static Tensor.F32 tensor(HeadState state, String name) {
        return Objects.requireNonNull(state.optimiser().get(name), name);
    }

    private static void assertSame(Map<String, Tensor.F32> one, Map<String, Tensor.F32> other) {
        assertThat(one.keySet()).isEqualTo(other.keySet());
        one.forEach((name, tensor) -> assertThat(tensor.values())
                .as(name)
                .isEqualTo(Objects.requireNonNull(other.get(name)).values()));
    }
}
