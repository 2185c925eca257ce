package io.headwater.engine.dense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.engine.Head;
import io.headwater.engine.HeadData;
import io.headwater.engine.HeadState;
import io.headwater.engine.weights.Tensor;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LinearStartTest {
    private static final int INPUTS = 5;

    @Property(tries = 20)
    void shouldGiveAHiddenLayerTheLogitsOfALinearHead(
            @ForAll @IntRange(max = 1000) int seed,
            @ForAll @IntRange(min = 1, max = 4) int outputs,
            @ForAll @IntRange(max = 5) int spare) {
        HeadData data = HeadData.random(seed, 20, INPUTS, outputs);
        Map<String, Tensor.F32> linear = linear(data, outputs);
        HeadSpec spec = new HeadSpec(INPUTS, 2 * outputs + spare, 0.01, 7);

        Map<String, Tensor.F32> started =
                LinearStart.of(HeadGrowth.first(spec, outputs).parameters(), linear, data.features());

        try (Head hidden = GraphHead.restore(spec, HeadState.ofParameters(started));
                Head plain = GraphHead.restore(spec(0), HeadState.ofParameters(linear))) {
            float[][] features = HeadData.random(seed + 1, 9, INPUTS, outputs).features();
            float[][] expected = plain.logits(features);
            float[][] actual = hidden.logits(features);
            for (int row = 0; row < expected.length; row++) {
                for (int i = 0; i < outputs; i++) {
                    assertThat(actual[row][i]).isCloseTo(expected[row][i], within(1e-4f));
                }
            }
        }
    }

    @Test
    void shouldRefuseAHiddenLayerThatIsTooSmall() {
        HeadData data = HeadData.random(1, 20, INPUTS, 3);
        Map<String, Tensor.F32> small = HeadGrowth.first(spec(5), 3).parameters();

        assertThat(LinearStart.fits(small)).isFalse();
        assertThatThrownBy(() -> LinearStart.of(small, linear(data, 3), data.features()))
                .hasMessageContaining("2 hidden units for each output, but there are 5 for 3");
    }

    @Test
    void shouldTakeTheWeightsOfAHeadWithoutAHiddenLayer() {
        HeadData data = HeadData.random(1, 20, INPUTS, 3);
        Map<String, Tensor.F32> linear = linear(data, 3);

        assertThat(LinearStart.of(HeadGrowth.first(spec(0), 3).parameters(), linear, data.features()))
                .isEqualTo(linear);
    }

    private static HeadSpec spec(int hidden) {
        return new HeadSpec(INPUTS, hidden, 0.1, 7);
    }

    private static Map<String, Tensor.F32> linear(HeadData data, int outputs) {
        try (GraphHead head = GraphHead.create(spec(0), outputs)) {
            for (int step = 0; step < 5; step++) {
                data.train(head);
            }
            return head.state().parameters();
        }
    }
}
