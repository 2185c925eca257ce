package io.headwater.task.goal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.task.goal.CalibrationMetrics.Ranked;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CalibrationMetricsTest {

    /** The example in scikit-learn's documentation of {@code top_k_accuracy_score}. */
    @Test
    void shouldAgreeWithTheTopKOfScikitLearn() {
        CalibrationMetrics metrics = CalibrationMetrics.of(
                List.of(
                        Ranked.of(0, new float[] {0.5f, 0.2f, 0.2f}),
                        Ranked.of(1, new float[] {0.3f, 0.4f, 0.2f}),
                        Ranked.of(2, new float[] {0.2f, 0.4f, 0.3f}),
                        Ranked.of(2, new float[] {0.7f, 0.2f, 0.1f})),
                2);

        assertThat(metrics.samples()).isEqualTo(4);
        assertThat(metrics.k()).isEqualTo(2);
        assertThat(metrics.topKAccuracy()).isEqualTo(0.75);
    }

    @Test
    void shouldWorkOutAnExampleOfCalibration() {
        // In the bin from 14/15: 2 of 3 right at a mean of 0.97; in that from 8/15: 1 of 1 right at 0.55
        CalibrationMetrics metrics = CalibrationMetrics.of(
                List.of(new Ranked(0, 0.95), new Ranked(0, 0.97), new Ranked(4, 0.99), new Ranked(0, 0.55)), 1);

        double expected = 3 / 4.0 * (0.97 - 2 / 3.0) + 1 / 4.0 * (1 - 0.55);
        assertThat(metrics.ece()).isCloseTo(expected, within(1e-12));
        assertThat(metrics.topKAccuracy()).isEqualTo(0.75);
    }

    @Test
    void shouldBeCalibratedWhereConfidenceIsAccuracy() {
        List<Ranked> samples = new ArrayList<>(Collections.nCopies(3, new Ranked(0, 0.75)));
        samples.add(new Ranked(1, 0.75));

        assertThat(CalibrationMetrics.of(samples, 1).ece()).isZero();
        assertThat(CalibrationMetrics.of(List.of(new Ranked(0, 1)), 1).ece()).isZero();
        assertThat(CalibrationMetrics.of(List.of(new Ranked(3, 1)), 1).ece()).isEqualTo(1);
        assertThat(CalibrationMetrics.of(List.of(new Ranked(0, 0)), 1).ece()).isEqualTo(1);
    }

    @Test
    void shouldTakeTheFirstOfEqualsForLikelier() {
        float[] equal = {0.5f, 0.5f};

        assertThat(Ranked.of(0, equal)).isEqualTo(new Ranked(0, 0.5));
        assertThat(Ranked.of(1, equal)).isEqualTo(new Ranked(1, 0.5));
    }

    @Test
    void shouldNeverFindAClassThatTheModelDoesNotKnow() {
        Ranked unknown = Ranked.of(-1, new float[] {1, 0});

        assertThat(unknown).isEqualTo(new Ranked(2, 1));
        assertThat(CalibrationMetrics.of(List.of(unknown), 2).topKAccuracy()).isZero();
    }

    @Property(tries = 200)
    void shouldKeepItsRangesInAnyOrder(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 30) int samples,
            @ForAll @IntRange(min = 1, max = 5) int k) {
        Random random = new Random(seed);
        List<Ranked> ranked = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            ranked.add(new Ranked(random.nextInt(5), random.nextDouble()));
        }
        CalibrationMetrics metrics = CalibrationMetrics.of(ranked, k);

        assertThat(metrics.ece()).isBetween(0.0, 1.0);
        assertThat(metrics.topKAccuracy())
                .isBetween(CalibrationMetrics.of(ranked, 1).topKAccuracy(), 1.0);
        assertThat(CalibrationMetrics.of(ranked, 5).topKAccuracy()).isEqualTo(1);
        Collections.shuffle(ranked, random);
        assertThat(CalibrationMetrics.of(ranked, k).ece()).isCloseTo(metrics.ece(), within(1e-12));
    }

    @Test
    void shouldRejectWhatCannotBeRanked() {
        assertThatThrownBy(() -> Ranked.of(2, new float[] {1, 0})).hasMessageContaining("2 outputs");
        assertThatThrownBy(() -> Ranked.of(-1, new float[] {})).hasMessageContaining("0 outputs");
        assertThatThrownBy(() -> Ranked.of(0, new float[] {Float.NaN})).hasMessageContaining("NaN");
        assertThatThrownBy(() -> Ranked.of(0, new float[] {1.5f})).hasMessageContaining("1.5");
        assertThatThrownBy(() -> CalibrationMetrics.of(List.of(), 1)).hasMessageContaining("at least one");
        assertThatThrownBy(() -> CalibrationMetrics.of(List.of(new Ranked(0, 1)), 0))
                .hasMessageContaining("is 0");
    }
}
