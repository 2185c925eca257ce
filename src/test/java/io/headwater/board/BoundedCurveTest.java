package io.headwater.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BoundedCurveTest {
    @Property(tries = 200)
    void shouldKeepSamplesAndTheirMeanWithinItsBound(
            @ForAll @Size(min = 1, max = 300) List<@DoubleRange(min = 0, max = 1) Double> scores,
            @ForAll @IntRange(min = 2, max = 40) int most) {
        BoundedCurve curve = new BoundedCurve(most);
        double sum = 0;
        int samples = 0;
        for (int i = 0; i < scores.size(); i++) {
            int of = 1 + i % 7;
            curve.add(new CurvePoint(Instant.ofEpochSecond(i), of, scores.get(i), scores.get(i), i));
            sum += scores.get(i) * of;
            samples += of;
        }

        List<CurvePoint> points = curve.points();
        assertThat(points).hasSizeBetween(1, most);
        assertThat(points.stream().mapToInt(CurvePoint::samples).sum()).isEqualTo(samples);
        assertThat(points.stream()
                        .mapToDouble(point -> point.champion() * point.samples())
                        .sum())
                .isCloseTo(sum, within(1e-9 * samples));
        assertThat(points).extracting(CurvePoint::at).isSorted();
        assertThat(points.get(points.size() - 1).at()).isEqualTo(Instant.ofEpochSecond(scores.size() - 1));
    }

    @Test
    void shouldNotCountScoresThatAreNotKnown() {
        BoundedCurve curve = new BoundedCurve(2);
        curve.add(new CurvePoint(Instant.EPOCH, 4, Double.NaN, 0.5, 0));
        curve.add(new CurvePoint(Instant.EPOCH, 8, 0.75, 1, 1));
        curve.add(new CurvePoint(Instant.EPOCH, 8, 0.25, 1, 2));

        assertThat(curve.points()).first().satisfies(point -> {
            assertThat(point.champion()).isEqualTo(0.75);
            assertThat(point.learner()).isCloseTo(10.0 / 12, within(1e-12));
        });
    }

    /** The values were computed with another program from the formula of Wilson. */
    @Test
    void shouldEstimateAsWilsonDoes() {
        ScoreEstimate half = ScoreEstimate.of("accuracy", 0.5, 10);
        assertThat(half.low()).isCloseTo(0.2365931, within(1e-6));
        assertThat(half.high()).isCloseTo(0.7634069, within(1e-6));
        ScoreEstimate all = ScoreEstimate.of("accuracy", 1, 10);
        assertThat(all.low()).isCloseTo(0.7224672, within(1e-6));
        assertThat(all.high()).isCloseTo(1, within(1e-12));
        List<CurvePoint> none = new ArrayList<>();
        assertThat(ScoreEstimate.of("accuracy", none)).isEmpty();
    }

    @Property
    void shouldContainTheMean(
            @ForAll @DoubleRange(min = 0, max = 1) double mean, @ForAll @IntRange(min = 1, max = 100_000) int samples) {
        ScoreEstimate estimate = ScoreEstimate.of("accuracy", mean, samples);
        assertThat(estimate.low()).isBetween(0.0, mean + 1e-12);
        assertThat(estimate.high()).isBetween(mean - 1e-12, 1.0);
    }
}
