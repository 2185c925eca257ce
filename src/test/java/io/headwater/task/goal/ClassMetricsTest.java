package io.headwater.task.goal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.task.goal.ClassMetrics.Pair;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClassMetricsTest {

    @Test
    void shouldWorkOutAnExample() {
        // Given a: 2 of 3 right, b: 1 of 2 right, "c" predicted once and never expected
        ClassMetrics metrics = ClassMetrics.of(List.of(
                new Pair("a", "a"), new Pair("a", "a"), new Pair("a", "b"), new Pair("b", "b"), new Pair("b", "c")));

        // Then F1(a) = 2·2 / (3 + 2), F1(b) = 2·1 / (2 + 2)
        assertThat(metrics.samples()).isEqualTo(5);
        assertThat(metrics.accuracy()).isCloseTo(0.6, within(1e-12));
        assertThat(metrics.macroF1()).isCloseTo((0.8 + 0.5) / 2, within(1e-12));
        assertThat(metrics.confusion()).isEqualTo(Map.of("a", Map.of("a", 2L, "b", 1L), "b", Map.of("b", 1L, "c", 1L)));
    }

    @Test
    void shouldCountAClassNeverPredictedAsZero() {
        ClassMetrics metrics = ClassMetrics.of(
                List.of(new Pair("a", "a"), new Pair("a", "a"), new Pair("a", "a"), new Pair("b", "a")));

        assertThat(metrics.accuracy()).isEqualTo(0.75);
        assertThat(metrics.macroF1()).isCloseTo((6.0 / 7) / 2, within(1e-12));
    }

    @Test
    void shouldBeOneWhenAllIsRight() {
        ClassMetrics metrics = ClassMetrics.of(Collections.nCopies(3, new Pair("a", "a")));

        assertThat(metrics.accuracy()).isEqualTo(1);
        assertThat(metrics.macroF1()).isEqualTo(1);
    }

    @Test
    void shouldRejectNothing() {
        assertThatThrownBy(() -> ClassMetrics.of(List.of())).hasMessageContaining("at least one");
    }
}
