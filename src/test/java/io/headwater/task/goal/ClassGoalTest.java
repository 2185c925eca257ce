package io.headwater.task.goal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.domain.Label.ClassLabel;
import io.headwater.task.ScoredPrediction;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class ClassGoalTest {
    private static final ClassGoal GOAL = new ClassGoal(List.of(), 0);
    private static final Map<String, Float> FOUR = Map.of("ant", 0.62f, "bee", 0.23f, "cat", 0.1f, "dog", 0.05f);

    /** Confidence 0.62 lies in one bin, where two of four are right: a gap of 0.12. */
    @Test
    void shouldMeasureCalibrationAndTheLikeliestClasses() {
        SortedMap<String, Double> metrics = GOAL.metrics(
                List.of(scored("ant", FOUR), scored("ant", FOUR), scored("cat", FOUR), scored("dog", FOUR)));

        assertThat(metrics).containsOnlyKeys("accuracy", "macroF1", "ece", "top3Accuracy");
        assertThat(metrics.get("accuracy")).isEqualTo(0.5);
        assertThat(metrics.get("ece")).isCloseTo(0.12, within(1e-6));
        assertThat(metrics.get("top3Accuracy")).isEqualTo(0.75);
    }

    @Test
    void shouldLookAtFiveOfMoreThanFiveClasses() {
        Map<String, Float> six = Map.of("ant", 0.5f, "b", 0.2f, "c", 0.1f, "d", 0.1f, "e", 0.06f, "f", 0.04f);

        SortedMap<String, Double> metrics =
                GOAL.metrics(List.of(scored("e", six), scored("f", six), scored("unknown", six), scored("ant", six)));

        assertThat(metrics.get("top3Accuracy")).isEqualTo(0.25);
        assertThat(metrics.get("top5Accuracy")).isEqualTo(0.5);
    }

    @Test
    void shouldNotCallThreeOfThreeClassesAChoice() {
        Map<String, Float> three = Map.of("ant", 0.5f, "bee", 0.3f, "cat", 0.2f);

        assertThat(GOAL.metrics(List.of(scored("cat", three)))).containsOnlyKeys("accuracy", "macroF1", "ece");
    }

    @Test
    void shouldMeasureOnlyAnswersWithoutProbabilities() {
        ScoredPrediction plain = new ScoredPrediction(new ClassLabel("ant"), new ClassLabel("ant"));

        assertThat(GOAL.metrics(List.of(plain, scored("ant", FOUR)))).containsOnlyKeys("accuracy", "macroF1");
    }

    /** What is said is the likeliest, "ant". */
    private static ScoredPrediction scored(String expected, Map<String, Float> probabilities) {
        return new ScoredPrediction(new ClassLabel(expected), new ClassLabel("ant"), probabilities);
    }
}
