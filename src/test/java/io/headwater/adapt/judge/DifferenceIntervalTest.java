package io.headwater.adapt.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DifferenceIntervalTest {
    private static final double LEVEL = 0.95;

    @Test
    void shouldContainTheMeanAtLeastAsOftenAsItSays() {
        SplittableRandom random = new SplittableRandom(1);
        for (double[] rates : new double[][] {{0.1, 0.1}, {0.3, 0.02}, {0.5, 0.4}, {0, 0.01}}) {
            int missed = 0;
            for (int trial = 0; trial < 400; trial++) {
                double[] differences = draw(random, rates[0], rates[1], 100);
                DifferenceInterval interval = DifferenceInterval.of(differences, LEVEL);
                double mean = rates[0] - rates[1];
                missed += interval.lower() > mean || interval.upper() < mean ? 1 : 0;
            }
            assertThat(missed).isLessThanOrEqualTo(20);
        }
    }

    @Test
    void shouldShrinkWithTheNumberOfSamples() {
        SplittableRandom random = new SplittableRandom(2);
        double few = width(draw(random, 0.1, 0.1, 100));
        double many = width(draw(random, 0.1, 0.1, 2_000));
        assertThat(many).isLessThan(0.06).isLessThan(few / 2);
    }

    @Test
    void shouldFindALargeDifferenceWithFewSamples() {
        DifferenceInterval interval = DifferenceInterval.of(draw(new SplittableRandom(3), 0.6, 0.05, 60), LEVEL);
        assertThat(interval.lower()).isPositive();
        assertThat(interval.upper()).isLessThanOrEqualTo(1);
    }

    @Test
    void shouldMirror() {
        double[] differences = draw(new SplittableRandom(4), 0.3, 0.1, 200);
        double[] mirrored = differences.clone();
        for (int i = 0; i < mirrored.length; i++) {
            mirrored[i] = -mirrored[i];
        }
        DifferenceInterval interval = DifferenceInterval.of(differences, LEVEL);
        DifferenceInterval other = DifferenceInterval.of(mirrored, LEVEL);
        assertThat(other.lower()).isCloseTo(-interval.upper(), within(1e-9));
    }

    private static double width(double[] differences) {
        DifferenceInterval interval = DifferenceInterval.of(differences, LEVEL);
        return interval.upper() - interval.lower();
    }

    /** Returns differences that are 1 or -1 at the given rates and otherwise 0. */
    private static double[] draw(SplittableRandom random, double better, double worse, int samples) {
        double[] differences = new double[samples];
        for (int i = 0; i < samples; i++) {
            double at = random.nextDouble();
            differences[i] = at < better ? 1 : at < better + worse ? -1 : 0;
        }
        return differences;
    }
}
