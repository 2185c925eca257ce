package io.headwater.engine.closed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeanShiftTest {
    private static final int WIDTH = 16;
    private static final int RUNS = 100;

    /** However strongly features depend on each other, and however few rows there are. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 16})
    void shouldSeldomBeVisibleBetweenRowsOfOneDistribution(int factors) {
        int visible = 0;
        Random random = new Random(factors);
        for (int run = 0; run < RUNS; run++) {
            visible += MeanShift.isVisible(learned(rows(random, 300, factors, 0)), of(rows(random, 60, factors, 0)))
                    ? 1
                    : 0;
        }

        assertThat(visible).isLessThan(RUNS / 25);
    }

    @Test
    void shouldBeVisibleWhereMeansMoveByHalfADeviation() {
        Random random = new Random(1);
        CentredMoments learned = learned(rows(random, 300, 4, 0));

        assertThat(MeanShift.isVisible(learned, of(rows(random, 60, 4, 0.5f)))).isTrue();
        assertThat(MeanShift.isVisible(learned, FeatureSums.of(WIDTH))).isFalse();
    }

    @Test
    void shouldNotBeVisibleWhereNothingVaries() {
        List<float[]> same = List.of(new float[WIDTH], new float[WIDTH]);

        assertThat(MeanShift.isVisible(learned(same), of(same))).isFalse();
    }

    /** Rows whose features are sums of a few common factors, each with its own scale. */
    private static List<float[]> rows(Random random, int count, int factors, float moved) {
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] common = new float[factors];
            for (int j = 0; j < factors; j++) {
                common[j] = (float) random.nextGaussian();
            }
            float[] row = new float[WIDTH];
            for (int j = 0; j < WIDTH; j++) {
                row[j] = (1 + j) * (common[j % factors] + 0.1f * (float) random.nextGaussian() + moved);
            }
            rows.add(row);
        }
        return rows;
    }

    private static FeatureSums of(List<float[]> rows) {
        FeatureSums sums = FeatureSums.of(WIDTH);
        rows.forEach(sums::add);
        return sums;
    }

    private static CentredMoments learned(List<float[]> rows) {
        Moments moments = Moments.of(WIDTH);
        moments.add(rows.toArray(float[][]::new), new int[rows.size()]);
        return moments.centred(1);
    }
}
