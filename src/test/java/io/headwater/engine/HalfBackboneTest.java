package io.headwater.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.domain.Digest;
import io.headwater.engine.weights.Half;
import java.util.List;
import org.junit.jupiter.api.Test;

class HalfBackboneTest {
    private static final Digest EXACT = Digest.of(new byte[] {1});
    private static final ModelInput.Tokens FIRST = new ModelInput.Tokens(new long[] {0});
    private static final ModelInput.Tokens SECOND = new ModelInput.Tokens(new long[] {1});

    @Test
    void shouldRoundFromTheFirstUseOnUnderADigestOfItsOwn() {
        try (Backbone half = new HalfBackbone(new Rows(new float[] {0.1f, 1f}, new float[] {-0.1f, 65519f}))) {
            List<float[]> features = half.features(List.of(FIRST, SECOND));

            assertThat(features.get(0)).containsExactly(0.099975586f, 1f);
            assertThat(features.get(1)).containsExactly(-0.099975586f, 65504f);
            assertThat(features).allMatch(Half::holds);
            assertThat(half.width()).isEqualTo(2);
            assertThat(half.digest()).isNotEqualTo(EXACT);
        }
    }

    @Test
    void shouldNameTheInputsWhoseFeaturesAreTooLarge() {
        try (Backbone half = new HalfBackbone(new Rows(new float[] {1f, 1f}, new float[] {1f, 65520f}))) {
            assertThatThrownBy(() -> half.features(List.of(FIRST, SECOND)))
                    .isInstanceOfSatisfying(
                            NonFiniteFeaturesException.class,
                            e -> assertThat(e.indexes()).containsExactly(1));
        }
    }

    /** A backbone that returns the row whose index is the input's token. */
    private record Rows(float[]... rows) implements Backbone {
        @Override
        public Digest digest() {
            return EXACT;
        }

        @Override
        public int width() {
            return rows[0].length;
        }

        @Override
        public List<float[]> features(List<ModelInput> inputs) {
            return inputs.stream()
                    .map(input -> rows[(int) ((ModelInput.Tokens) input).ids()[0]])
                    .toList();
        }

        @Override
        public void close() {}
    }
}
