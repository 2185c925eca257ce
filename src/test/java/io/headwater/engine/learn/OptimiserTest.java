package io.headwater.engine.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.OptimiserConfig;
import io.headwater.config.OptimiserConfig.Schedule;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.engine.HeadState;
import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

class OptimiserTest {
    private static final int ALL = 3;

    @Property(tries = 200)
    void shouldFollowAPlainImplementation(
            @ForAll("configurations") OptimiserConfig config, @ForAll long seed, @ForAll boolean doublePrecision) {
        // The phases of gradual unfreezing, in any order.
        int[] unfrozen = new Random(seed).ints(25, 1, ALL + 1).toArray();
        double[] start = OptimiserRig.random(seed, -1);
        ReferenceOptimiser reference =
                new ReferenceOptimiser(config, 0.01, OptimiserRig.LAYOUT, start, OptimiserRig.pretrained(seed));

        try (OptimiserRig rig =
                OptimiserRig.fresh(seed, config, 0.01, doublePrecision ? DataType.DOUBLE : DataType.FLOAT)) {
            for (int step = 0; step < unfrozen.length; step++) {
                reference.step(OptimiserRig.random(seed, step), unfrozen[step]);
                rig.step(unfrozen[step]);
            }
            assertThat(rig.values()).containsExactly(reference.values(), within(doublePrecision ? 1e-7 : 2e-5));
        }
    }

    @Property(tries = 100)
    void shouldGoOnBitForBitFromAnyStep(
            @ForAll("configurations") OptimiserConfig config,
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 12) int at) {
        try (OptimiserRig straight = OptimiserRig.fresh(seed, config, 0.01, DataType.FLOAT);
                OptimiserRig first = OptimiserRig.fresh(seed, config, 0.01, DataType.FLOAT)) {
            for (int step = 0; step < 12; step++) {
                straight.step(1 + step / 4);
            }
            for (int step = 0; step < at; step++) {
                first.step(1 + step / 4);
            }
            try (OptimiserRig second = first.resumed(config, 0.01)) {
                for (int step = at; step < 12; step++) {
                    second.step(1 + step / 4);
                }
                assertThat(bytes(second.state())).isEqualTo(bytes(straight.state()));
            }
        }
    }

    @Property(tries = 50)
    void shouldLeaveWhatDoesNotLearnUntouched(
            @ForAll("configurations") OptimiserConfig config,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 2) int unfrozen) {
        try (OptimiserRig rig = OptimiserRig.fresh(seed, config, 0.01, DataType.FLOAT)) {
            rig.step(ALL);
            HeadState before = rig.state();
            double[] flat = rig.values();
            rig.step(unfrozen);
            rig.step(unfrozen);

            HeadState after = rig.state();
            OptimiserRig.LAYOUT.slots().stream()
                    .filter(slot -> slot.depth() >= unfrozen)
                    .forEach(slot -> {
                        assertThat(of(after.parameters(), slot.name())).isEqualTo(of(before.parameters(), slot.name()));
                        UpdateBlock.moments(config.updater())
                                .forEach(moment -> assertThat(of(after.optimiser(), moment + slot.name()))
                                        .isEqualTo(of(before.optimiser(), moment + slot.name())));
                    });
            for (int gap : new int[] {0, 1, 17, 18, 19, 53, 54}) {
                assertThat(rig.values()[gap]).isEqualTo(flat[gap]);
            }
        }
    }

    /** A group that is unfrozen late takes the same first step as one that is trained from the start. */
    @Test
    void shouldCorrectTheBiasOfAGroupByItsOwnSteps() {
        try (OptimiserRig late = OptimiserRig.fresh(1, OptimiserConfig.DEFAULT, 0.01, DataType.FLOAT);
                OptimiserRig early = OptimiserRig.fresh(1, OptimiserConfig.DEFAULT, 0.01, DataType.FLOAT)) {
            double[] gradients = OptimiserRig.random(1, 9);
            for (int step = 0; step < 20; step++) {
                late.step(1);
            }
            late.step(gradients, ALL);
            early.step(gradients, ALL);

            HeadState state = late.state();
            assertThat(of(state.parameters(), "low/W"))
                    .isEqualTo(of(early.state().parameters(), "low/W"));
            assertThat(of(state.optimiser(), "steps/group")).containsExactly(0, 21, 0, 1, 0, 1);
            assertThat(early.state().optimiser()).doesNotContainKey("steps/group");
        }
    }

    @Test
    void shouldClipTheNormOfAllGradientsThatCount() {
        OptimiserConfig config = sgd(5, 1, 0);
        double[] gradients = new double[OptimiserRig.SIZE];
        Arrays.fill(gradients, 1e6);
        gradients[33] = 3;
        gradients[34] = 4;
        Arrays.fill(gradients, 35, 53, 0);

        try (OptimiserRig rig = OptimiserRig.fresh(1, config, 1, DataType.DOUBLE)) {
            double[] before = rig.values();
            rig.step(gradients, 1);
            assertThat(before[33] - rig.values()[33]).isCloseTo(3, within(1e-12));
            gradients[33] = 30;
            gradients[34] = 40;
            before = rig.values();
            rig.step(gradients, 1);
            assertThat(before[33] - rig.values()[33]).isCloseTo(3, within(1e-12));
            assertThat(before[34] - rig.values()[34]).isCloseTo(4, within(1e-12));
        }
    }

    @Test
    void shouldPullBackToThePretrainedWeights() {
        try (OptimiserRig rig = OptimiserRig.fresh(1, sgd(0, 1, 0.5), 0.5, DataType.DOUBLE)) {
            HeadState before = rig.state();
            for (int step = 0; step < 100; step++) {
                rig.step(new double[OptimiserRig.SIZE], ALL);
            }

            HeadState after = rig.state();
            OptimiserRig.pretrained(1)
                    .forEach((name, start) ->
                            assertThat(of(after.parameters(), name)).containsExactly(start.values(), within(1e-6f)));
            assertThat(of(after.parameters(), "output/W")).isEqualTo(of(before.parameters(), "output/W"));
        }
    }

    @Test
    void shouldLearnSlowerTheDeeperAGroupLies() {
        double[] gradients = new double[OptimiserRig.SIZE];
        Arrays.fill(gradients, 1);
        try (OptimiserRig rig = OptimiserRig.fresh(1, sgd(0, 0.5, 0), 0.25, DataType.DOUBLE)) {
            double[] before = rig.values();
            rig.step(gradients, ALL);
            assertThat(before[33] - rig.values()[33]).isCloseTo(0.25, within(1e-12));
            assertThat(before[20] - rig.values()[20]).isCloseTo(0.125, within(1e-12));
            assertThat(before[2] - rig.values()[2]).isCloseTo(0.0625, within(1e-12));
        }
    }

    @Test
    void shouldRefuseAStateThatIsNotItsOwn() {
        OptimiserConfig adam = OptimiserConfig.DEFAULT;
        try (OptimiserRig rig = OptimiserRig.fresh(1, adam, 0.01, DataType.FLOAT)) {
            rig.step(1);
            HeadState state = rig.state();

            assertThat(Optimiser.canGoOn(adam, state)).isTrue();
            assertThat(Optimiser.canGoOn(sgd(0, 1, 0), state)).isFalse();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> rig.resumed(sgd(0, 1, 0), 0.01))
                    .withMessageContaining("optimiser must be [momentum/low/W");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> check(with(state, "steps/group", new Tensor.F32(new int[] {1, 2}, new float[2]))))
                    .withMessageContaining("steps/group must have shape [3, 2], but has [1, 2]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> check(with(
                            state, "steps/group", new Tensor.F32(new int[] {3, 2}, new float[] {0, 1, 0, 2, 0, 0}))))
                    .withMessageContaining("from 0 to its 1 steps, but group 1 has 2.0");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> check(with(
                            state, "adam.v/output/b", new Tensor.F32(new int[] {5}, new float[] {0, 0, Float.NaN, 0, 0
                            }))))
                    .withMessageContaining("adam.v/output/b must be finite, but holds NaN");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> check(new HeadState(Map.of(), Map.of(), 3)))
                    .withMessageContaining("optimiser must be");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> rig.step(0))
                    .withMessageContaining("at least 1 group that learns, but has 0");
        }
    }

    @Provide
    Arbitrary<OptimiserConfig> configurations() {
        Arbitrary<Double> shares = Arbitraries.of(0.0, 0.01, 0.3);
        return Combinators.combine(
                        Arbitraries.of(Updater.class),
                        Arbitraries.of(0.0, 0.5, 0.9),
                        shares,
                        Arbitraries.of(Schedule.class),
                        Arbitraries.integers().between(1, 9),
                        Arbitraries.of(0.0, 0.5, 3.0, 1000.0),
                        Arbitraries.of(1.0, 0.5, 0.95),
                        shares)
                .as((updater, momentum, decay, schedule, steps, clip, layers, pull) -> new OptimiserConfig(
                        updater,
                        momentum,
                        updater == Updater.ADAMW ? decay : 0,
                        schedule,
                        steps,
                        2 * steps,
                        clip,
                        layers,
                        layers,
                        pull));
    }

    private static OptimiserConfig sgd(double clip, double layerDecay, double pull) {
        return new OptimiserConfig(Updater.SGD, 0, 0, Schedule.CONSTANT, 0, 1, clip, layerDecay, layerDecay, pull);
    }

    private static void check(HeadState state) {
        Optimiser.check(OptimiserConfig.DEFAULT, OptimiserRig.LAYOUT, state);
    }

    private static HeadState with(HeadState state, String name, Tensor.F32 tensor) {
        Map<String, Tensor.F32> optimiser = new TreeMap<>(state.optimiser());
        optimiser.put(name, tensor);
        return new HeadState(state.parameters(), optimiser, state.iteration());
    }

    private static float[] of(Map<String, Tensor.F32> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name).values();
    }

    private static byte[] bytes(HeadState state) {
        Map<String, Tensor> tensors = new HashMap<>(state.parameters());
        tensors.putAll(state.optimiser());
        return Safetensors.write(tensors, Map.of("iteration", Long.toString(state.iteration())));
    }
}
