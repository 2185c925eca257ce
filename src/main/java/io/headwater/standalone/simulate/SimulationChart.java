package io.headwater.standalone.simulate;

import io.headwater.standalone.LineChart;
import io.headwater.standalone.LineChart.Point;
import io.headwater.standalone.LineChart.Series;
import io.headwater.standalone.simulate.SimulationReport.EventKind;
import io.headwater.standalone.simulate.SimulationReport.Measured;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Draws the accuracy of a simulation over its samples, with marks for what happened, and how good its contenders are. */
public final class SimulationChart {
    private SimulationChart() {}

    /** Returns the chart of the accuracy of the serving version. */
    public static LineChart of(SimulationReport report) {
        var accuracies = report.points().stream().collect(Collectors.toMap(Measured::samples, Measured::accuracy));
        List<Series> series = new ArrayList<>();
        series.add(line("serving version", report, Measured::accuracy));
        mark(
                "promoted",
                report.points().stream()
                        .filter(Measured::promoted)
                        .map(point -> new Point(point.samples(), point.accuracy()))
                        .toList(),
                series);
        for (EventKind kind : EventKind.values()) {
            mark(
                    kind.text(),
                    report.events().stream()
                            .filter(event -> event.kind() == kind)
                            .map(event -> new Point(event.samples(), accuracies.getOrDefault(event.samples(), 0.0)))
                            .toList(),
                    series);
        }
        return new LineChart("Simulation: " + report.scenario(), "samples", "accuracy", false, series);
    }

    /** Returns the chart of the quality of each contender; empty when there is no race. */
    public static Optional<LineChart> contenders(SimulationReport report) {
        List<Series> series = report.points().stream()
                .flatMap(point -> point.contenders().keySet().stream())
                .distinct()
                .sorted()
                .map(name -> new Series(
                        name,
                        report.points().stream()
                                .filter(point -> point.contenders().containsKey(name))
                                .map(point -> new Point(
                                        point.samples(), point.contenders().getOrDefault(name, 0.0)))
                                .toList()))
                .toList();
        return series.isEmpty()
                ? Optional.empty()
                : Optional.of(new LineChart(
                        "Contenders: " + report.scenario(), "samples", "quality on the newest samples", false, series));
    }

    private static Series line(String name, SimulationReport report, ToDoubleFunction<Measured> value) {
        return new Series(
                name,
                report.points().stream()
                        .map(point -> new Point(point.samples(), value.applyAsDouble(point)))
                        .toList());
    }

    private static void mark(String name, List<Point> marks, List<Series> series) {
        if (!marks.isEmpty()) {
            series.add(new Series(name, marks, false));
        }
    }
}
