package io.headwater.task.goal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.task.goal.RegressionMetrics.Pair;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RegressionMetricsTest {

    /** The examples in scikit-learn's documentation of the three. */
    @Test
    void shouldAgreeWithTheExamplesOfScikitLearn() {
        RegressionMetrics one = of(new float[] {3, -0.5f, 2, 7}, new float[] {2.5f, 0, 2, 8});

        assertThat(one.mae()).isCloseTo(0.5, within(1e-12));
        assertThat(one.rmse()).isCloseTo(Math.sqrt(0.375), within(1e-12));
        assertThat(one.r2()).isCloseTo(0.9486081370449679, within(1e-12));

        RegressionMetrics two = RegressionMetrics.of(List.of(
                pair(new float[] {0.5f, 1}, 0, 2), pair(new float[] {-1, 1}, -1, 2), pair(new float[] {7, -6}, 8, -5)));
        assertThat(two.mae()).isCloseTo(0.75, within(1e-12));
        assertThat(two.rmse())
                .isCloseTo((Math.sqrt(5.0 / 12) + 1) / 2, within(1e-12))
                .isCloseTo(0.822, within(1e-3));
        assertThat(two.r2()).isCloseTo(0.936800526662278, within(1e-12));
    }

    @Test
    void shouldHaveNoneOrLessThanNothingOfTheVarianceExplained() {
        assertThat(of(new float[] {1, 2, 3}, new float[] {2, 2, 2}).r2()).isZero();
        assertThat(of(new float[] {1, 2, 3}, new float[] {3, 2, 1}).r2()).isEqualTo(-3);
    }

    @Test
    void shouldStayFiniteWhereAllExpectedAreTheSame() {
        assertThat(of(new float[] {0.1f, 0.1f, 0.1f}, new float[] {0.1f, 0.1f, 0.1f})
                        .r2())
                .isEqualTo(1);
        assertThat(of(new float[] {0.1f, 0.1f, 0.1f}, new float[] {0.1f, 0.1f, 0.2f})
                        .r2())
                .isZero();
        assertThat(of(new float[] {5}, new float[] {4}).r2()).isZero();
    }

    @Property(tries = 200)
    void shouldKeepItsRangesInAnyOrder(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 8) int samples,
            @ForAll @IntRange(min = 1, max = 3) int outputs) {
        Random random = new Random(seed);
        List<Pair> pairs = new ArrayList<>();
        List<Pair> perfect = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            float[] expected = ObjectiveCheck.floats(random, outputs);
            pairs.add(new Pair(expected, ObjectiveCheck.floats(random, outputs)));
            perfect.add(new Pair(expected, expected));
        }
        RegressionMetrics metrics = RegressionMetrics.of(pairs);

        assertThat(metrics.mae()).isBetween(0.0, metrics.rmse() + 1e-12);
        assertThat(metrics.r2()).isLessThanOrEqualTo(1);
        assertThat(RegressionMetrics.of(perfect)).isEqualTo(new RegressionMetrics(samples, 0, 0, 1));
        Collections.shuffle(pairs, random);
        RegressionMetrics shuffled = RegressionMetrics.of(pairs);
        assertThat(shuffled.mae()).isCloseTo(metrics.mae(), within(1e-9));
        assertThat(shuffled.rmse()).isCloseTo(metrics.rmse(), within(1e-9));
    }

    @Test
    void shouldRejectWhatIsNoPairOfNumbers() {
        assertThatThrownBy(() -> RegressionMetrics.of(List.of())).hasMessageContaining("at least one");
        assertThatThrownBy(() -> RegressionMetrics.of(List.of(pair(new float[] {1}, 1, 2))))
                .hasMessageContaining("1 expected and 2 predicted");
        assertThatThrownBy(() -> RegressionMetrics.of(List.of(pair(new float[] {1}, Float.NaN))))
                .hasMessageContaining("NaN");
    }

    private static Pair pair(float[] expected, float... predicted) {
        return new Pair(expected, predicted);
    }

    private static RegressionMetrics of(float[] expected, float[] predicted) {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < expected.length; i++) {
            pairs.add(pair(new float[] {expected[i]}, predicted[i]));
        }
        return RegressionMetrics.of(pairs);
    }
}
