package io.headwater.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.PredictionInterval;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PredictionSetTest {
    private static final float[] PROBABILITIES = {0.2f, 0.5f, 0.3f};

    @Test
    void shouldContainTheMostProbableClassesFirst() {
        assertThat(PredictionSet.of(PROBABILITIES, 0.75).classes()).containsExactly(1, 2);
        assertThat(PredictionSet.of(PROBABILITIES, Double.POSITIVE_INFINITY).classes())
                .containsExactly(1, 2, 0);
        assertThat(PredictionSet.of(PROBABILITIES, 0.4).classes()).isEmpty();
    }

    /** A threshold keeps scores as 32-bit floats, and may be the very score of a class. */
    @Property(tries = 100)
    void shouldContainAClassWhoseScoreIsTheThreshold(
            @ForAll @Size(min = 1, max = 9) float @FloatRange(min = 0, max = 1) [] probabilities,
            @ForAll @IntRange(max = 8) int target) {
        int index = target % probabilities.length;

        assertThat(PredictionSet.of(probabilities, (float) PredictionSet.score(probabilities, index))
                        .classes())
                .contains(index);
    }

    @Property(tries = 100)
    void shouldContainAValueInAnIntervalExactlyIfItsErrorIsSmallEnough(
            @ForAll @DoubleRange(min = -5, max = 5) double prediction,
            @ForAll @DoubleRange(min = -5, max = 5) double truth) {
        double error = Math.abs(truth - prediction);

        assertThat(PredictionInterval.around(prediction, error + 1e-9).contains(truth))
                .isTrue();
        assertThat(PredictionInterval.around(prediction, error - 1e-9).contains(truth))
                .isEqualTo(error == 0);
    }

    @Test
    void shouldGiveAClassThatAVersionDoesNotKnowTheLargestScore() {
        assertThat(PredictionSet.score(PROBABILITIES, -1)).isEqualTo(1);
    }

    @Test
    void shouldNameItsClasses() {
        assertThat(PredictionSet.of(PROBABILITIES, 0.75).names(List.of("a", "b", "c")))
                .containsExactly("b", "c");
    }
}
