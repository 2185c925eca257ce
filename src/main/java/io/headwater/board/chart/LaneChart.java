package io.headwater.board.chart;

import io.headwater.board.CurvePoint;
import io.headwater.board.LaneStory;
import io.headwater.board.Mark;
import io.headwater.board.Mark.Kind;
import io.headwater.board.Reign;
import io.headwater.board.WilsonInterval;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The history of a lane on one time line, in percent of its width and height: what served when, how good it was, and what happened.
 *
 * @param isEmpty whether there are too few scores for a chart
 * @param champion path of the scores of what served, in 1000 × 100
 * @param learner path of those of the head in training
 * @param band path of the interval of the former
 * @param bands what served when
 * @param pins what happened
 * @param least score at the bottom, 0 to 0.8
 * @param top score at the top, as text
 * @param middle score in the middle
 * @param bottom score at the bottom
 * @param from time at the left
 * @param to time at the right
 */
public record LaneChart(
        boolean isEmpty,
        String champion,
        String learner,
        String band,
        List<Band> bands,
        List<Pin> pins,
        double least,
        String top,
        String middle,
        String bottom,
        String from,
        String to) {
    /** Enough for the interval to be narrower than the changes that people look for. */
    public static final int SAMPLES = 60;

    private static final double WIDE = 4;
    private static final Set<Kind> SHOWN = EnumSet.of(
            Kind.DRIFT, Kind.ROLLED_BACK, Kind.DECIDED, Kind.COMMANDED, Kind.STALLED, Kind.VETOED, Kind.LOST);

    /** A version that served: from {@code x} on, {@code width} wide. */
    public record Band(String x, String width, boolean isOdd, boolean isWide, String label, String title) {}

    /** Something that happened, at {@code x}. */
    public record Pin(String x, String kind, String title) {}

    /** A time line from the first to the last score. */
    private record Axis(Instant from, Instant to, double bottom) {
        double x(Instant at) {
            double span = Math.max(1, Duration.between(from, to).toMillis());
            double x = Duration.between(from, at).toMillis() / span;
            return Math.max(0, Math.min(1, x));
        }

        boolean covers(Instant at) {
            return !at.isBefore(from) && !at.isAfter(to);
        }

        String point(Instant at, double score) {
            double y = (1 - score) / (1 - bottom);
            return Figures.coordinate(1000 * x(at)) + " " + Figures.coordinate(100 * Math.max(0, Math.min(1, y)));
        }
    }

    /** Returns the chart of a lane. */
    public static LaneChart of(LaneStory story) {
        List<CurvePoint> curve = story.lane().curve();
        List<Trail> champion = Trail.of(curve, CurvePoint::champion, SAMPLES);
        List<Trail> learner = Trail.of(curve, CurvePoint::learner, SAMPLES);
        if (champion.size() < 2) {
            return new LaneChart(true, "", "", "", List.of(), List.of(), 0, "", "", "", "", "");
        }
        double least = champion.stream().mapToDouble(Trail::mean).min().orElse(0);
        Axis axis = new Axis(
                curve.get(0).at(),
                curve.get(curve.size() - 1).at(),
                Math.min(0.8, Math.max(0, Math.floor(10 * least - 1) / 10)));
        Duration span = Duration.between(axis.from(), axis.to());
        return new LaneChart(
                false,
                line(champion, axis),
                line(learner, axis),
                interval(champion, axis),
                bands(story.reigns(), axis),
                pins(story.marks(), axis),
                axis.bottom(),
                "100 %",
                Figures.percent((1 + axis.bottom()) / 2).replace(".0", ""),
                Figures.percent(axis.bottom()).replace(".0", ""),
                Figures.tick(axis.from(), span),
                Figures.tick(axis.to(), span));
    }

    private static String line(List<Trail> trail, Axis axis) {
        StringBuilder path = new StringBuilder();
        trail.forEach(point -> path.append(path.isEmpty() ? "M" : "L").append(axis.point(point.at(), point.mean())));
        return path.toString();
    }

    private static String interval(List<Trail> trail, Axis axis) {
        List<WilsonInterval> intervals = trail.stream()
                .map(point -> WilsonInterval.of(point.mean(), point.samples()))
                .toList();
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < trail.size(); i++) {
            path.append(path.isEmpty() ? "M" : "L")
                    .append(axis.point(trail.get(i).at(), intervals.get(i).high()));
        }
        for (int i = trail.size() - 1; i >= 0; i--) {
            path.append("L")
                    .append(axis.point(trail.get(i).at(), intervals.get(i).low()));
        }
        return path.append("Z").toString();
    }

    private static List<Band> bands(List<Reign> reigns, Axis axis) {
        List<Band> bands = new ArrayList<>();
        for (int i = 0; i < reigns.size(); i++) {
            Reign reign = reigns.get(i);
            double from = 100 * axis.x(reign.since());
            double to = i + 1 < reigns.size() ? 100 * axis.x(reigns.get(i + 1).since()) : 100;
            if (to > from) {
                bands.add(new Band(
                        Figures.coordinate(from),
                        Figures.coordinate(to - from),
                        i % 2 == 1,
                        to - from > WIDE,
                        Long.toString(reign.version().number()),
                        "version %s served from %s on: %s"
                                .formatted(reign.version().number(), Figures.time(reign.since()), reign.reason())));
            }
        }
        return bands;
    }

    private static List<Pin> pins(List<Mark> marks, Axis axis) {
        return marks.stream()
                .filter(mark -> SHOWN.contains(mark.kind()) && axis.covers(mark.at()))
                .map(mark -> new Pin(
                        Figures.coordinate(100 * axis.x(mark.at())),
                        mark.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        "%s, %s: %s".formatted(Figures.word(mark.kind()), Figures.time(mark.at()), mark.text())))
                .toList();
    }
}
