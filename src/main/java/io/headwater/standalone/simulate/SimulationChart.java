package io.headwater.standalone.simulate;

import io.headwater.standalone.LineChart;
import io.headwater.standalone.LineChart.Point;
import io.headwater.standalone.LineChart.Series;
import io.headwater.standalone.simulate.SimulationReport.EventKind;
import io.headwater.standalone.simulate.SimulationReport.Measured;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Draws the accuracy of a simulation over its samples, with marks for what happened. */
public final class SimulationChart {
    private SimulationChart() {}

    /** Returns the chart. */
    public static LineChart of(SimulationReport report) {
        var accuracies = report.points().stream().collect(Collectors.toMap(Measured::samples, Measured::accuracy));
        List<Series> series = new ArrayList<>();
        series.add(new Series(
                "serving version",
                report.points().stream()
                        .map(point -> new Point(point.samples(), point.accuracy()))
                        .toList()));
        for (EventKind kind : EventKind.values()) {
            List<Point> marks = report.events().stream()
                    .filter(event -> event.kind() == kind)
                    .map(event -> new Point(event.samples(), accuracies.getOrDefault(event.samples(), 0.0)))
                    .toList();
            if (!marks.isEmpty()) {
                series.add(new Series(kind.text(), marks, false));
            }
        }
        return new LineChart("Simulation: " + report.scenario(), "samples", "accuracy", false, series);
    }
}
