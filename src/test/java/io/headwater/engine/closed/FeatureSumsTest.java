package io.headwater.engine.closed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.engine.weights.Safetensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureSumsTest {
    private static final int WIDTH = 5;

    @ParameterizedTest
    @ValueSource(doubles = {0, -3, 1e6})
    void shouldKnowMeansAndVariances(double offset) {
        List<float[]> rows = rows(1, 300, offset);
        FeatureSums sums = of(rows);

        for (int i = 0; i < WIDTH; i++) {
            int feature = i;
            double mean =
                    rows.stream().mapToDouble(row -> row[feature]).average().orElseThrow();
            double variance = rows.stream()
                    .mapToDouble(row -> (row[feature] - mean) * (row[feature] - mean))
                    .average()
                    .orElseThrow();
            assertThat(sums.mean()[i]).isCloseTo(mean, within(1e-5));
            assertThat(sums.variance()[i]).isCloseTo(variance, within(1e-4 * Math.max(1, variance)));
        }
    }

    @Test
    void shouldNotDependOnTheOrderNorOnWhatWasRemoved() {
        List<float[]> rows = rows(1, 50, 2);
        List<float[]> others = rows(2, 20, -700);
        FeatureSums mixed = of(others);
        List<float[]> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, new Random(3));
        shuffled.forEach(mixed::add);
        others.forEach(mixed::remove);

        assertThat(bytes(mixed)).isEqualTo(bytes(of(rows)));
        assertThat(mixed.rows()).isEqualTo(50);
    }

    @Test
    void shouldContinueFromItsState() {
        FeatureSums sums = of(rows(1, 50, 2));
        FeatureSums restored = FeatureSums.restore(WIDTH, sums.state());
        rows(2, 5, 0).forEach(row -> {
            sums.add(row);
            restored.add(row);
        });

        assertThat(bytes(restored)).isEqualTo(bytes(sums));
        assertThat(bytes(FeatureSums.restore(WIDTH, FeatureSums.of(WIDTH).state())))
                .isEqualTo(bytes(FeatureSums.of(WIDTH)));
    }

    @Test
    void shouldRefuseWhatIsNoRow() {
        FeatureSums sums = FeatureSums.of(WIDTH);

        assertThatThrownBy(() -> sums.remove(new float[WIDTH])).hasMessageContaining("0 rows");
        assertThatThrownBy(() -> sums.add(new float[2])).hasMessageContaining("5 values");
        assertThatThrownBy(() -> sums.add(new float[] {0, 0, Float.NaN, 0, 0})).hasMessageContaining("finite");
        assertThatThrownBy(() -> FeatureSums.of(0)).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> FeatureSums.restore(WIDTH, Map.of())).hasMessageContaining("rows");
        assertThat(sums.rows()).isZero();
    }

    static FeatureSums of(List<float[]> rows) {
        FeatureSums sums = FeatureSums.of(WIDTH);
        rows.forEach(sums::add);
        return sums;
    }

    static List<float[]> rows(long seed, int count, double offset) {
        Random random = new Random(seed);
        List<float[]> rows = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            float[] features = new float[WIDTH];
            for (int i = 0; i < WIDTH; i++) {
                features[i] = (float) (offset + (i + 1) * random.nextGaussian());
            }
            rows.add(features);
        }
        return rows;
    }

    private static byte[] bytes(FeatureSums sums) {
        return Safetensors.write(sums.state(), Map.of());
    }
}
