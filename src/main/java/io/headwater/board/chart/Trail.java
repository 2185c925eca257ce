package io.headwater.board.chart;

import io.headwater.board.CurvePoint;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The mean of the newest scores at each point of a curve: single points have too few samples to show anything but noise.
 *
 * @param at time of the point
 * @param mean mean score of at least {@code least} samples up to it, or of all if there are fewer
 * @param samples how many
 */
record Trail(Instant at, double mean, int samples) {

    /** Returns the means; points without a score have none. */
    static List<Trail> of(List<CurvePoint> curve, ToDoubleFunction<CurvePoint> score, int least) {
        List<Trail> trail = new ArrayList<>();
        Deque<CurvePoint> window = new ArrayDeque<>();
        double sum = 0;
        int samples = 0;
        for (CurvePoint point : curve) {
            double value = score.applyAsDouble(point);
            if (Double.isNaN(value)) {
                continue;
            }
            window.add(point);
            sum += value * point.samples();
            samples += point.samples();
            while (samples - window.getFirst().samples() >= least) {
                CurvePoint old = window.removeFirst();
                sum -= score.applyAsDouble(old) * old.samples();
                samples -= old.samples();
            }
            trail.add(new Trail(point.at(), Math.max(0, Math.min(1, sum / samples)), samples));
        }
        return trail;
    }
}
