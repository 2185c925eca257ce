package io.headwater.task.goal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.task.goal.MultiLabelMetrics.Pair;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MultiLabelMetricsTest {

    /** The examples in scikit-learn's documentation of {@code average_precision_score}. */
    @Test
    void shouldAgreeWithTheAveragePrecisionOfScikitLearn() {
        MultiLabelMetrics one = MultiLabelMetrics.of(
                List.of(pair("", "a", 0.1), pair("", "a", 0.4), pair("a", "a", 0.35), pair("a", "a", 0.8)));
        assertThat(one.meanAveragePrecision())
                .isCloseTo(0.8333333333333333, within(1e-12))
                .isCloseTo(0.83, within(0.005));

        MultiLabelMetrics three = MultiLabelMetrics.of(List.of(
                pair("a", "a", 0.7, "b", 0.2, "c", 0.1),
                pair("a", "a", 0.4, "b", 0.3, "c", 0.3),
                pair("b", "a", 0.1, "b", 0.8, "c", 0.1),
                pair("b", "a", 0.2, "b", 0.3, "c", 0.5),
                pair("c", "a", 0.4, "b", 0.4, "c", 0.2),
                pair("c", "a", 0.1, "b", 0.2, "c", 0.7)));
        // 5/6, 3/4 and 3/4; the documentation cuts it to 0.77
        assertThat(three.meanAveragePrecision()).isCloseTo(7.0 / 9, within(1e-12));
    }

    /** The example in scikit-learn's documentation of {@code f1_score}: 2/3, 1 and 2/3. */
    @Test
    void shouldAgreeWithTheF1OfScikitLearn() {
        MultiLabelMetrics metrics = MultiLabelMetrics.of(List.of(
                pair("", "a", 0.0, "b", 0.0, "c", 0.0),
                pair("abc", "a", 1.0, "b", 1.0, "c", 1.0),
                pair("bc", "a", 1.0, "b", 1.0, "c", 0.0)));

        assertThat(metrics.samples()).isEqualTo(3);
        assertThat(metrics.macroF1()).isCloseTo(7.0 / 9, within(1e-12));
        assertThat(metrics.microF1()).isCloseTo(0.8, within(1e-12));
    }

    /** What scikit-learn gives for classes whose scores are all 0. */
    @Test
    void shouldCountClassesThatNobodyPredictsAsWrong() {
        MultiLabelMetrics metrics = MultiLabelMetrics.of(List.of(pair("ax", "a", 0.9), pair("xy", "a", 0.1)));

        assertThat(metrics.microF1()).isCloseTo(2.0 / 5, within(1e-12));
        assertThat(metrics.macroF1()).isCloseTo(1.0 / 3, within(1e-12));
        assertThat(metrics.meanAveragePrecision()).isCloseTo((1 + 1 + 0.5) / 3, within(1e-12));
    }

    @Test
    void shouldLetClassesNeverExpectedLowerMicroF1Alone() {
        MultiLabelMetrics metrics = MultiLabelMetrics.of(List.of(pair("a", "a", 0.9, "z", 0.9)));

        assertThat(metrics.microF1()).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(metrics.macroF1()).isEqualTo(1);
        assertThat(metrics.meanAveragePrecision()).isEqualTo(1);
    }

    @Test
    void shouldTakeAClassThatTheModelLacksForUnlikely() {
        MultiLabelMetrics metrics = MultiLabelMetrics.of(List.of(pair("b", "a", 0.1), pair("a", "a", 0.9)));

        assertThat(metrics.macroF1()).isEqualTo(0.5);
        assertThat(metrics.meanAveragePrecision()).isEqualTo(0.75);
    }

    @Test
    void shouldPredictAboveOneHalfOnly() {
        assertThat(MultiLabelMetrics.of(List.of(pair("a", "a", 0.5))).microF1()).isZero();
        assertThat(MultiLabelMetrics.of(List.of(pair("a", "a", 0.51))).microF1())
                .isEqualTo(1);
    }

    @Test
    void shouldBeZeroWhereNoClassIsExpected() {
        assertThat(MultiLabelMetrics.of(List.of(pair("", "a", 0.1)))).isEqualTo(new MultiLabelMetrics(1, 0, 0, 0));
        assertThat(MultiLabelMetrics.of(List.of(pair("")))).isEqualTo(new MultiLabelMetrics(1, 0, 0, 0));
    }

    @Property(tries = 200)
    void shouldKeepItsRangesInAnyOrder(@ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int samples) {
        Random random = new Random(seed);
        List<Pair> pairs = new ArrayList<>();
        List<Pair> perfect = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            Set<String> expected = new HashSet<>(i == 0 ? Set.of("a") : Set.of());
            Map<String, Double> probabilities = new HashMap<>();
            Map<String, Double> sure = new HashMap<>();
            for (String name : List.of("a", "b", "c")) {
                if (random.nextBoolean()) {
                    expected.add(name);
                }
                // Few values, so that some are tied
                probabilities.put(name, random.nextInt(4) / 3.0);
                sure.put(name, expected.contains(name) ? 0.6 : 0.4);
            }
            pairs.add(new Pair(expected, probabilities));
            perfect.add(new Pair(expected, sure));
        }
        MultiLabelMetrics metrics = MultiLabelMetrics.of(pairs);
        Collections.shuffle(pairs, random);

        assertThat(MultiLabelMetrics.of(pairs)).isEqualTo(metrics);
        assertThat(metrics.microF1()).isBetween(0.0, 1.0);
        assertThat(metrics.macroF1()).isBetween(0.0, 1.0);
        assertThat(metrics.meanAveragePrecision()).isBetween(0.0, 1.0);
        assertThat(MultiLabelMetrics.of(perfect)).isEqualTo(new MultiLabelMetrics(samples, 1, 1, 1));
    }

    @Test
    void shouldRejectNothingAndNoNumbers() {
        assertThatThrownBy(() -> MultiLabelMetrics.of(List.of())).hasMessageContaining("at least one");
        assertThatThrownBy(() -> MultiLabelMetrics.of(List.of(pair("a", "a", Double.NaN))))
                .hasMessageContaining("NaN");
    }

    /** Classes of one letter each, and classes with their probabilities. */
    private static Pair pair(String expected, Object... probabilities) {
        Set<String> names = new HashSet<>();
        expected.chars().forEach(letter -> names.add(Character.toString(letter)));
        Map<String, Double> byName = new HashMap<>();
        for (int i = 0; i < probabilities.length; i += 2) {
            byName.put((String) probabilities[i], (Double) probabilities[i + 1]);
        }
        return new Pair(names, byName);
    }
}
