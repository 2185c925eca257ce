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

/** The scores of predictions along a stream, each made before anything learned from its sample. */
final class PrequentialCurve {
    private static final int MOST_POINTS = 40;
    /** Each point is the mean of at least this many samples, so that the curve shows the trend and not single samples. */
    private static final int LEAST_WINDOW = 20;

    private final List<SampleScores> scored = new ArrayList<>();

    /** Takes the samples of a step, in their order. */
    void add(List<SampleScores> step) {
        scored.addAll(step);
    }

    /**
     * The mean scores of the champion and of the head in training, window after window, from where there was one.
     *
     * @param scoreName of the task
     * @return nothing where no sample was scored
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
