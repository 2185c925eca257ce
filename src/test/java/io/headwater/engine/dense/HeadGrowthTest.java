package io.headwater.engine.dense;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.engine.HeadState;
import io.headwater.engine.weights.Tensor;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class HeadGrowthTest {
    private static final Tensor.F32 MATRIX = new Tensor.F32(new int[] {2, 2}, new float[] {1, 2, 3, 4});

    @Test
    void shouldWidenTheOutputLayerAndTheMomentsOfEveryUpdater() {
        HeadState state = new HeadState(
                Map.of("output/W", MATRIX),
                Map.of("adam.m/output/W", MATRIX, "adam.v/output/W", MATRIX, "momentum/output/W", MATRIX),
                3);

        HeadState grown = HeadGrowth.grown(state, 3);

        assertThat(of(grown.parameters(), "output/W").values()).containsExactly(1, 2, 0, 3, 4, 0);
        assertThat(grown.optimiser().values())
                .allSatisfy(tensor -> assertThat(tensor.shape()).containsExactly(2, 3));
    }

    /** Names of a model's own tensors may end like those of the output layer. */
    @Test
    void shouldLeaveEveryOtherTensorAsItIs() {
        Tensor.F32 steps = new Tensor.F32(new int[] {1, 2}, new float[] {0, 2});
        HeadState state = new HeadState(
                Map.of("/encoder/output/W", MATRIX, "momentum/output/W", MATRIX),
                Map.of("adam.m//encoder/output/W", MATRIX, "steps/group", steps),
                3);

        HeadState grown = HeadGrowth.grown(state, 3);

        assertThat(grown).isEqualTo(state);
    }

    private static Tensor.F32 of(Map<String, Tensor.F32> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }
}
