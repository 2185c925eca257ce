package io.headwater.standalone.pretrain;

import io.headwater.standalone.LineChart;
import io.headwater.standalone.LineChart.Point;
import io.headwater.standalone.LineChart.Series;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The course of a model's loss or of a policy's return during training.
 *
 * @param points the points so far
 * @param lossSince sum of the losses of the steps since the last point
 * @param stepsSince number of steps since the last point
 */
public record Curve(List<CurvePoint> points, double lossSince, int stepsSince) {
    static final Curve EMPTY = new Curve(List.of(), 0, 0);

    private static final String BARS = "▁▂▃▄▅▆▇█";

    public Curve {
        points = List.copyOf(points);
    }

    /**
     * A point of the curve.
     *
     * @param step number of steps taken
     * @param loss mean training loss of the steps since the previous point
     * @param heldOutLoss mean loss over the predictions for held-out samples, in nats; null if none are held out
     * @param heldOutAccuracy share of correct predictions for held-out samples; null if none are held out
     */
    public record CurvePoint(
            long step,
            double loss,
            @Nullable Double heldOutLoss,
            @Nullable Double heldOutAccuracy) {}

    Curve after(double loss) {
        return new Curve(points, lossSince + loss, stepsSince + 1);
    }

    Curve at(long step, @Nullable Judgement judged) {
        return at(step, judged == null ? null : judged.loss(), judged == null ? null : judged.accuracy());
    }

    Curve at(long step, @Nullable Double heldOut, @Nullable Double accuracy) {
        List<CurvePoint> more = new ArrayList<>(points);
        more.add(new CurvePoint(step, lossSince / stepsSince, heldOut, accuracy));
        return new Curve(more, 0, 0);
    }

    CurvePoint last() {
        return points.get(points.size() - 1);
    }

    /** Returns the held-out loss, or the training loss if nothing is held out, as a sparkline. */
    public String sparkline() {
        double[] losses = points.stream().mapToDouble(Curve::shown).toArray();
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (double loss : losses) {
            least = Math.min(least, loss);
            most = Math.max(most, loss);
        }
        StringBuilder line = new StringBuilder();
        for (double loss : losses) {
            double share = most > least ? (loss - least) / (most - least) : 0;
            line.append(BARS.charAt((int) Math.round(share * (BARS.length() - 1))));
        }
        return line.toString();
    }

    private static double shown(CurvePoint point) {
        Double heldOut = point.heldOutLoss();
        return heldOut == null ? point.loss() : heldOut;
    }

    /** Returns the curve as an SVG chart. */
    String svg(String title, String x, String y) {
        List<Series> series = new ArrayList<>();
        series.add(new Series(
                "training",
                points.stream()
                        .map(point -> new Point(point.step(), point.loss()))
                        .toList()));
        List<Point> heldOut = new ArrayList<>();
        for (CurvePoint point : points) {
            Double loss = point.heldOutLoss();
            if (loss != null) {
                heldOut.add(new Point(point.step(), loss));
            }
        }
        if (!heldOut.isEmpty()) {
            series.add(new Series("held out", heldOut));
        }
        return new LineChart(title, x, y, false, series).svg();
    }
}
