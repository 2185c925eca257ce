package io.headwater.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.engine.BackboneException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CutLayoutTest {
    @Test
    void shouldTakeTheSecondAxisForTokensWhenItCountsThem() {
        CutLayout layout = text(output(1, 8, 3), output(1, 16, 3), false);

        assertThat(layout.shapes().get(0)).containsExactly(-1, -1, 3);
        assertThat(layout.length(5)).isEqualTo(15);
        assertThat(layout.padded(9)).isEqualTo(16);
    }

    @Test
    void shouldTakeAxesThatDoNotFollowTheTokensAsTheyAre() {
        assertThat(text(output(1, 4, 3), output(1, 4, 3), false).shapes().get(0))
                .containsExactly(-1, 4, 3);
        assertThat(text(output(1, 6), output(1, 6), false).hasTokens()).isFalse();
    }

    @Test
    void shouldRefuseATensorWhoseOtherAxesFollowTheTokens() {
        for (long[][] shapes :
                List.of(new long[][] {{1, 2, 8, 8}, {1, 2, 16, 16}}, new long[][] {{1, 8}, {1, 16}}, new long[][] {
                    {1, 8, 8}, {1, 16, 16}
                })) {
            assertThatThrownBy(() -> text(output(shapes[0]), output(shapes[1]), false))
                    .isInstanceOf(BackboneException.class)
                    .hasMessageContaining("of the axes of the tensor 'cut' at the cut")
                    .hasMessageEndingWith("choose another cut");
        }
    }

    @Test
    void shouldPadToTheLengthToWhichTheModelWasSaved() {
        CutLayout layout = text(output(1, 8, 3), output(1, 8, 3), true);

        assertThat(layout.hasTokens()).isTrue();
        assertThat(layout.padded(2)).isEqualTo(8);
    }

    /** A model would not compute zeros itself, and a division by them above the cut could affect pooled values. */
    @Test
    void shouldFillUpWithCopiesOfTheLastToken() {
        CutLayout layout = text(output(1, 8, 2), output(1, 16, 2), false);

        float[] values = layout.values(0, List.of(new float[] {1, 2, 3, 4}, new float[] {5, 6}), 3);

        assertThat(values).containsExactly(1, 2, 3, 4, 3, 4, 5, 6, 5, 6, 5, 6);
    }

    private static CutLayout text(OnnxSession.Output shorter, OnnxSession.Output longer, boolean isFixed) {
        return CutLayout.ofText(List.of("cut"), List.of(shorter), 8, List.of(longer), isFixed ? 8 : 16, isFixed);
    }

    private static OnnxSession.Output output(long... shape) {
        return new OnnxSession.Output(new float[0], shape);
    }
}
