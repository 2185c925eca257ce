package io.headwater.standalone;

import io.headwater.adapt.SampleScores;
import io.headwater.standalone.LineChart.Point;
import io.headwater.standalone.LineChart.Series;
import io.headwater.task.ScoredPrediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The prequential scores of a stream: each prediction is made before any head is trained on its sample. */
final class PrequentialCurve {
    private static final int MOST_POINTS = 40;
    /** Each point is the mean of at least this many samples, so that the curve shows the trend, not single samples. */
    private static final int LEAST_WINDOW = 20;

    private final List<Scores> scored = new ArrayList<>();

    /** The scores of a sample, without what was predicted; NaN where a head did not predict. */
    private record Scores(double champion, double challenger) {
        private static double of(@Nullable ScoredPrediction prediction) {
            return prediction == null ? Double.NaN : prediction.score();
        }
    }

    /** Adds the scored samples of a step, in stream order. */
    void add(List<SampleScores> step) {
        step.forEach(one -> scored.add(new Scores(Scores.of(one.champion()), Scores.of(one.challenger()))));
    }

    /**
     * Plots the mean score per window of the champion and of the head in training; each line starts with the first
     * window in which that head scored a sample.
     *
     * @param scoreName name of the task's score, the label of the y axis
     * @return the chart, or empty if no sample was scored
     */
    Optional<LineChart> chart(String title, String scoreName) {
        List<Series> series = new ArrayList<>();
        series("champion", Scores::champion).ifPresent(series::add);
        series("head in training", Scores::challenger).ifPresent(series::add);
        return series.isEmpty()
                ? Optional.empty()
                : Optional.of(new LineChart(title, "samples", scoreName, false, series));
    }

    private Optional<Series> series(String name, ToDoubleFunction<Scores> score) {
        List<Point> points = new ArrayList<>();
        int window = Math.max(LEAST_WINDOW, (scored.size() + MOST_POINTS - 1) / MOST_POINTS);
        for (int from = 0; from < scored.size(); from += window) {
            int to = Math.min(scored.size(), from + window);
            scored.subList(from, to).stream()
                    .mapToDouble(score)
                    .filter(one -> !Double.isNaN(one))
                    .average()
                    .ifPresent(mean -> points.add(new Point(to, mean)));
        }
        return points.isEmpty() ? Optional.empty() : Optional.of(new Series(name, points));
    }
}
