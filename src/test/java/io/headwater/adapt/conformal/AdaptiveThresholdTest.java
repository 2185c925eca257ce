package io.headwater.adapt.conformal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.testing.Sections;
import java.util.DoubleSummaryStatistics;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdaptiveThresholdTest {
    private static final double COVERAGE = 0.9;
    private static final int SAMPLES = 20_000;
    private static final int ANY = 2_000;

    /** Absolute errors of a regression, or 1 less the probability of the true class. */
    private enum Scores {
        STATIONARY,
        ABRUPT,
        GRADUAL,
        GROWING,
        SHRINKING,
        BURSTS,
        CLASSES,
        EASY_CLASSES;

        double at(int sample, SplittableRandom random) {
            double error = Math.abs(random.nextGaussian());
            return switch (this) {
                case STATIONARY -> error;
                case ABRUPT -> error * (sample / 1500 % 2 == 0 ? 1 : 4);
                case GRADUAL -> error * (1 + 3 * Math.abs(Math.sin(sample / 800.0)));
                case GROWING -> error * Math.exp(sample / 1500.0);
                case SHRINKING -> error * Math.exp(-sample / 1500.0);
                case BURSTS -> error * (sample % 1000 < 100 ? 8 : 1);
                case CLASSES -> classes(sample / 2000 % 2 == 0 ? 0.93 : 0.6, 0.2, random);
                case EASY_CLASSES -> classes(0.97, 0.01, random);
            };
        }

        private static double classes(double accuracy, double spread, SplittableRandom random) {
            return random.nextDouble() < accuracy
                    ? spread * random.nextDouble() * random.nextDouble()
                    : 0.5 + 0.5 * random.nextDouble();
        }
    }

    @ParameterizedTest
    @EnumSource(Scores.class)
    void shouldCoverAsManyOfAnyTwoThousandSamplesAsConfigured(Scores scores) {
        AdaptiveThreshold threshold = new AdaptiveThreshold(COVERAGE);
        SplittableRandom random = new SplittableRandom(1);
        boolean[] covered = new boolean[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            double score = scores.at(i, random);
            covered[i] = score <= threshold.threshold();
            threshold.observe(score);
        }

        DoubleSummaryStatistics coverages = coverages(covered);
        assertThat(coverages.getMin()).isGreaterThanOrEqualTo(0.89);
        assertThat(coverages.getMax()).isLessThanOrEqualTo(0.91);
    }

    /** Thresholds are published every 64, 400 or 1,600 samples, and as soon as they are due after a step of 8 samples. */
    @ParameterizedTest
    @EnumSource(Scores.class)
    void shouldCoverAboutAsManyWithThresholdsThatArePublishedWhenDue(Scores scores) {
        for (int interval : new int[] {64, 400, 1_600}) {
            AdaptiveThreshold threshold = new AdaptiveThreshold(COVERAGE);
            SplittableRandom random = new SplittableRandom(4);
            boolean[] covered = new boolean[SAMPLES];
            int publications = 0;
            for (int i = 0; i < SAMPLES; i++) {
                if (i % interval == 0 || (i % 8 == 0 && threshold.isDue())) {
                    threshold.publish();
                    publications++;
                }
                double score = scores.at(i, random);
                covered[i] = score <= threshold.published();
                threshold.observe(score);
            }

            DoubleSummaryStatistics coverages = coverages(covered);
            assertThat(coverages.getMin()).isGreaterThanOrEqualTo(0.88);
            assertThat(coverages.getMax()).isLessThanOrEqualTo(0.92);
            assertThat(publications).isLessThan(SAMPLES / interval + SAMPLES / 80);
        }
    }

    @ParameterizedTest
    @EnumSource(Scores.class)
    void shouldCoverAboutAsManyWithThresholdsThatWerePublished(Scores scores) {
        AdaptiveThreshold threshold = new AdaptiveThreshold(COVERAGE);
        SplittableRandom random = new SplittableRandom(2);
        boolean[] covered = new boolean[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            if (i % 64 == 0) {
                threshold.publish();
            }
            double score = scores.at(i, random);
            covered[i] = score <= threshold.published();
            threshold.observe(score);
        }

        DoubleSummaryStatistics coverages = coverages(covered);
        assertThat(coverages.getMin()).isGreaterThanOrEqualTo(0.87);
        assertThat(coverages.getMax()).isLessThanOrEqualTo(0.93);
    }

    private static DoubleSummaryStatistics coverages(boolean[] covered) {
        DoubleSummaryStatistics coverages = new DoubleSummaryStatistics();
        int sum = 0;
        for (int i = 0; i < SAMPLES; i++) {
            sum += covered[i] ? 1 : 0;
            sum -= i >= ANY && covered[i - ANY] ? 1 : 0;
            if (i >= ANY - 1) {
                coverages.accept(sum / (double) ANY);
            }
        }
        return coverages;
    }

    @Test
    void shouldCoverEverythingAtFirst() {
        AdaptiveThreshold threshold = new AdaptiveThreshold(COVERAGE);

        assertThat(threshold.threshold()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(threshold.published()).isEqualTo(Double.POSITIVE_INFINITY);
        for (int i = 0; i < 19; i++) {
            threshold.observe(i);
        }
        assertThat(threshold.samples()).isEqualTo(19);
        threshold.publish();
        assertThat(threshold.published()).isBetween(15.0, 18.0);
    }

    @Test
    void shouldBeDueOnceThereAreEnoughScoresAndWhenItCoversTooFew() {
        AdaptiveThreshold threshold = new AdaptiveThreshold(COVERAGE);
        for (int i = 0; i < 20; i++) {
            assertThat(threshold.isDue()).isFalse();
            threshold.observe(i);
        }
        assertThat(threshold.isDue()).isTrue();

        threshold.publish();
        for (int i = 0; i < 6; i++) {
            assertThat(threshold.isDue()).isFalse();
            threshold.observe(100);
        }
        assertThat(threshold.isDue()).isTrue();
    }

    @Test
    void shouldContinueFromItsSectionToTheBit() {
        SplittableRandom random = new SplittableRandom(3);
        for (int samples : new int[] {7, 250, 777}) {
            AdaptiveThreshold threshold = new AdaptiveThreshold(COVERAGE);
            for (int i = 0; i < samples; i++) {
                threshold.observe(random.nextDouble());
                if (i % 50 == 49) {
                    threshold.publish();
                }
            }

            AdaptiveThreshold restored = AdaptiveThreshold.read(COVERAGE, Sections.written(threshold::write));

            assertThat(restored.published()).isEqualTo(threshold.published());
            for (int i = 0; i < 300; i++) {
                assertThat(restored.threshold()).isEqualTo(threshold.threshold());
                double score = random.nextDouble();
                threshold.observe(score);
                restored.observe(score);
            }
            threshold.publish();
            restored.publish();
            assertThat(restored.published()).isEqualTo(threshold.published());
        }
    }

    @Test
    void shouldRejectWhatCannotBe() {
        assertThatThrownBy(() -> new AdaptiveThreshold(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("coverage", "1.0");
        assertThatThrownBy(() -> new AdaptiveThreshold(COVERAGE).observe(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("finite, but is NaN");
    }
}
