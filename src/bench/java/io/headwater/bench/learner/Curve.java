package io.headwater.bench.learner;

import io.headwater.bench.Bench;
import java.util.ArrayList;
import java.util.List;

/** The accuracy on test samples of what serves, after each version of a lane. */
final class Curve {
    /** A promotion counts as one of a worse version when it costs more accuracy than this. */
    private static final double WORSE = 0.005;

    private final List<Point> points = new ArrayList<>();
    private double area;
    private int worsePromotions;
    private double best;
    private double deepestFall;

    /** The accuracy after a number of samples. */
    record Point(int samples, double accuracy) {}

    /**
     * Adds the accuracy of what serves after {@code samples} samples.
     *
     * @param promoted whether it serves since now
     */
    void add(int samples, double accuracy, boolean promoted) {
        if (!points.isEmpty()) {
            Point last = points.get(points.size() - 1);
            area += last.accuracy() * (samples - last.samples());
            worsePromotions += promoted && accuracy < last.accuracy() - WORSE ? 1 : 0;
        }
        best = Math.max(best, accuracy);
        deepestFall = Math.max(deepestFall, best - accuracy);
        points.add(new Point(samples, accuracy));
    }

    List<Point> points() {
        return points;
    }

    /** Returns the samples and the accuracy of each point. */
    List<List<Number>> pairs() {
        return points.stream()
                .map(point -> List.<Number>of(point.samples(), Bench.rounded(point.accuracy(), 4)))
                .toList();
    }

    /** Returns the mean accuracy from the first version on; that of the only version when there is one. */
    double area() {
        Point first = points.get(0);
        int span = points.get(points.size() - 1).samples() - first.samples();
        return span == 0 ? first.accuracy() : area / span;
    }

    /** Returns the number of promotions that cost more than half a point. */
    int worsePromotions() {
        return worsePromotions;
    }

    /** Returns the largest difference between the best accuracy so far and the current one. */
    double deepestFall() {
        return deepestFall;
    }

    /** Returns after how many samples since {@code from} the accuracy first is at least {@code target}; -1 if never. */
    int reached(double target, int from) {
        return points.stream()
                .filter(point -> point.samples() > from && point.accuracy() >= target)
                .mapToInt(point -> point.samples() - from)
                .findFirst()
                .orElse(-1);
    }

    /** Returns the largest difference between the best accuracy up to {@code from} and any later one. */
    double fallAfter(int from) {
        double before = points.stream()
                .filter(point -> point.samples() <= from)
                .mapToDouble(Point::accuracy)
                .max()
                .orElse(0);
        double least = points.stream()
                .filter(point -> point.samples() > from)
                .mapToDouble(Point::accuracy)
                .min()
                .orElse(before);
        return Math.max(0, before - least);
    }
}
