package io.headwater.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.adapt.SampleScores;
import io.headwater.domain.Label;
import io.headwater.standalone.LineChart.Point;
import io.headwater.task.ScoredPrediction;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrequentialCurveTest {
    private static final Label LABEL = new Label.ClassLabel("a");
    private static final ScoredPrediction RIGHT = new ScoredPrediction(LABEL, LABEL, Map.of(), 1);
    private static final ScoredPrediction WRONG = new ScoredPrediction(LABEL, LABEL, Map.of(), 0);

    @Test
    void shouldBeginEachLineWhereThereIsOne() {
        PrequentialCurve curve = new PrequentialCurve();
        curve.add(Collections.nCopies(20, new SampleScores(0, LABEL, null, WRONG)));
        curve.add(Collections.nCopies(10, new SampleScores(0, LABEL, null, RIGHT)));
        curve.add(Collections.nCopies(10, new SampleScores(0, LABEL, WRONG, RIGHT)));

        LineChart chart = curve.chart("title", "accuracy").orElseThrow();

        assertThat(chart.series()).extracting(LineChart.Series::name).containsExactly("champion", "head in training");
        assertThat(chart.series().get(0).points()).isEqualTo(List.of(new Point(40, 0)));
        assertThat(chart.series().get(1).points()).isEqualTo(List.of(new Point(20, 0), new Point(40, 1)));
    }

    @Test
    void shouldHaveNoMorePointsForALongStream() {
        PrequentialCurve curve = new PrequentialCurve();
        curve.add(Collections.nCopies(4001, new SampleScores(0, LABEL, RIGHT, RIGHT)));

        assertThat(curve.chart("title", "accuracy")
                        .orElseThrow()
                        .series()
                        .get(0)
                        .points())
                .hasSize(40)
                .endsWith(new Point(4001, 1));
    }

    @Test
    void shouldNotDrawNothing() {
        assertThat(new PrequentialCurve().chart("title", "accuracy")).isEmpty();
    }
}
