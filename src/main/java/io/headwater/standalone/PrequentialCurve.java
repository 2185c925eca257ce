package io.headwater.standalone;

import io.headwater.adapt.SampleScores;
import io.headwater.standalone.LineChart.Point;
import io.headwater.standalone.LineChart.Series;
import io.headwater.task.ScoredPrediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The prequential scores of a stream: each prediction is made before any head is trained on its sample. */
final class PrequentialCurve {
    private static final int MOST_POINTS = 40;
    /** Each point is the mean of at least this many samples, so that the curve shows the trend, not single samples. */
    private static final int LEAST_WINDOW = 20;

    private final List<SampleScores> scored = new ArrayList<>();

    /** Adds the scored samples of a step, in stream order. */
    void add(List<SampleScores> step) {
        scored.addAll(step);
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
        series("champion", SampleScores::champion).ifPresent(series::add);
        series("head in training", SampleScores::challenger).ifPresent(series::add);
        return series.isEmpty()
                ? Optional.empty()
                : Optional.of(new LineChart(title, "samples", scoreName, false, series));
    }

    private Optional<Series> series(String name, Function<SampleScores, @Nullable ScoredPrediction> prediction) {
        List<Point> points = new ArrayList<>();
        int window = Math.max(LEAST_WINDOW, (scored.size() + MOST_POINTS - 1) / MOST_POINTS);
        for (int from = 0; from < scored.size(); from += window) {
            int to = Math.min(scored.size(), from + window);
            scored.subList(from, to).stream()
                    .map(prediction)
                    .filter(Objects::nonNull)
                    .mapToDouble(ScoredPrediction::score)
                    .average()
                    .ifPresent(mean -> points.add(new Point(to, mean)));
        }
        return points.isEmpty() ? Optional.empty() : Optional.of(new Series(name, points));
    }
}
