package io.headwater.streams;

import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Lane;
import io.headwater.domain.LateEvaluation;
import io.headwater.domain.VersionRef;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The evaluations of the role {@code streams} without brokers: those of a lane, by version and period of requests. */
public final class LateEstimate {
    private final Lane lane;
    private final long window;
    private final Map<Long, Map<VersionRef, Tally>> periods = new HashMap<>();

    /**
     * Creates evaluations.
     *
     * @param window length of a period, in the unit of the times of requests
     */
    public LateEstimate(Lane lane, long window) {
        this.lane = lane;
        this.window = window;
    }

    /**
     * Counts the label of a request.
     *
     * @param time of the request
     * @param version that answered it
     * @param expected the label
     * @param answered the answer
     */
    public void add(long time, VersionRef version, ClassLabel expected, ClassLabel answered) {
        long period = time / window;
        periods.computeIfAbsent(period, any -> new HashMap<>())
                .computeIfAbsent(
                        version, any -> Tally.ofPeriod(lane, version, false, period * window, (period + 1) * window))
                .add(
                        time,
                        new Scored(expected, answered, expected.equals(answered) ? 1 : 0, Double.NaN, 0),
                        Duration.ZERO);
    }

    /** Returns the number of requests of a period whose label is known. */
    public double labelled(long period) {
        return sum(period).labelled();
    }

    /** Returns the accuracy of the answers of a period by the labels that are known, whatever version answered; NaN without any. */
    public double accuracy(long period) {
        Sum sum = sum(period);
        return sum.scoreSum() / sum.labelled();
    }

    private record Sum(double labelled, double scoreSum) {}

    private Sum sum(long period) {
        double labelled = 0;
        double scoreSum = 0;
        for (Tally tally : periods.getOrDefault(period, Map.of()).values()) {
            LateEvaluation evaluation = tally.evaluation("accuracy", tally.to());
            labelled += evaluation.labelled();
            scoreSum += evaluation.scoreSum();
        }
        return new Sum(labelled, scoreSum);
    }
}
