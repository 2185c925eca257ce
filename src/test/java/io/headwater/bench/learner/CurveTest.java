package io.headwater.bench.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CurveTest {
    private final Curve curve = new Curve();

    @Test
    void shouldAverageTheAccuracyOfWhatServes() {
        curve.add(100, 0.5, true);
        curve.add(200, 0.9, true);
        curve.add(400, 0.7, false);

        // 0.5 serves for 100 samples, 0.9 for 200; what is published last serves for none.
        assertThat(curve.area()).isCloseTo((0.5 * 100 + 0.9 * 200) / 300, within(1e-12));
    }

    @Test
    void shouldMeasureFallsFromTheBestSoFar() {
        curve.add(1, 0.8, true);
        curve.add(2, 0.796, true);
        curve.add(3, 0.7, true);
        curve.add(4, 0.9, true);

        assertThat(curve.deepestFall()).isCloseTo(0.1, within(1e-12));
        assertThat(curve.worsePromotions()).isEqualTo(1);
        assertThat(curve.fallAfter(2)).isCloseTo(0.1, within(1e-12));
    }

    @Test
    void shouldTellWhenATargetIsReachedAfterAChange() {
        curve.add(10, 0.9, true);
        curve.add(20, 0.4, false);
        curve.add(30, 0.85, true);

        assertThat(curve.reached(0.8, 15)).isEqualTo(15);
        assertThat(curve.reached(0.99, 15)).isEqualTo(-1);
    }
}
