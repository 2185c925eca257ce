package io.headwater.engine.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class DropoutMaskTest {
    private static final int LENGTH = 20_000;

    @Property(tries = 50)
    void shouldLeaveOutItsShareAndScaleTheRest(
            @ForAll @DoubleRange(min = 0, max = 0.9) double rate, @ForAll long seed) {
        float[] mask = new DropoutMask(rate, seed).mask(3, LENGTH);

        long left = IntStream.range(0, LENGTH).filter(i -> mask[i] == 0).count();
        assertThat((double) left / LENGTH).isCloseTo(rate, within(0.02));
        assertThat(IntStream.range(0, LENGTH).filter(i -> mask[i] != 0).mapToObj(i -> mask[i]))
                .allSatisfy(kept -> assertThat(kept).isEqualTo((float) (1 / (1 - rate))));
    }

    @Test
    void shouldDrawTheSameForTheSameStepAlone() {
        DropoutMask dropout = new DropoutMask(0.5, 7);

        assertThat(dropout.mask(4, 100)).isEqualTo(new DropoutMask(0.5, 7).mask(4, 100));
        assertThat(dropout.mask(4, 100)).isNotEqualTo(dropout.mask(5, 100));
        assertThat(dropout.mask(4, 100)).isNotEqualTo(new DropoutMask(0.5, 8).mask(4, 100));
    }

    @Test
    void shouldRefuseToLeaveOutEverything() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DropoutMask(1, 7))
                .withMessage("dropout must be from 0 to below 1, but is 1.0");
    }
}
