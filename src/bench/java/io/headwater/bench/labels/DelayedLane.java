package io.headwater.bench.labels;

import io.headwater.bench.learner.FeatureSet;
import io.headwater.bench.learner.SampleStream;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.VersionRef;
import io.headwater.streams.LateEstimate;
import io.headwater.task.Answer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A lane whose requests are answered by the version that serves, and whose labels come a number of requests later. The times of
 * requests are their numbers.
 */
final class DelayedLane implements AutoCloseable {
    /** Labelled samples before the first request, so that a version answers it. */
    static final int FIRST = 640;
    /** Requests of a period that is evaluated. */
    static final int PERIOD = 5000;
    /** Requests between two looks at the version that serves. */
    static final int MARK = 5000;

    /** Requests that are answered together; {@link #FIRST}, periods and delays are multiples or come at the next one. */
    private static final int BATCH = 40;

    private final FeatureSet set;
    private final ServedLane lane;

    /** Creates an untrained lane. */
    DelayedLane(FeatureSet set) {
        this.set = set;
        this.lane = new ServedLane(set);
    }

    /**
     * What was measured. Errors are differences from the accuracy of all answers of the same period.
     *
     * @param curve accuracy on test samples of what served after each {@link #MARK} requests, but the last
     * @param answered accuracy of all answers
     * @param partly errors of the evaluations when the labels of half of the period are known, of each period
     * @param complete errors when all labels of the period are known, of each period whose labels came
     * @param own errors of the lane's own scores, which score a sample when it is learned, of each period in which labels came
     */
    record Result(List<Double> curve, double answered, List<Double> partly, List<Double> complete, List<Double> own) {}

    /** What is known of the answers while a stream passes. */
    private static final class Answers {
        final ClassLabel[] given;
        final VersionRef[] by;
        final LateEstimate estimate = new LateEstimate(ServedLane.LANE, PERIOD);
        final TreeMap<Long, Double> halves = new TreeMap<>();
        final TreeMap<Integer, double[]> own = new TreeMap<>();

        Answers(int size) {
            given = new ClassLabel[size];
            by = new VersionRef[size];
        }
    }

    /**
     * Answers the requests of a stream and learns their labels.
     *
     * @param changed number of the request from which each class is called by the name of the next one; {@link Integer#MAX_VALUE} for never
     * @param delay number of requests after which a label comes
     */
    Result run(SampleStream stream, int changed, int delay) {
        for (int i = 0; i < FIRST; i++) {
            lane.learn(lane.example(stream, i));
        }
        Answers answers = new Answers(stream.size());
        List<Double> curve = new ArrayList<>();
        for (int from = FIRST; from < stream.size(); from += BATCH) {
            int to = Math.min(stream.size(), from + BATCH);
            answer(stream, from, to, answers);
            labels(stream, Math.max(FIRST, from - delay), to - delay, from - FIRST, answers);
            if ((to - FIRST) % MARK == 0 && to < stream.size()) {
                curve.add(lane.accuracy(test(stream, to >= changed)));
            }
        }
        return result(stream, curve, answers);
    }

    private FeatureSet.Part test(SampleStream stream, boolean isChanged) {
        FeatureSet.Part test = set.test();
        return isChanged
                ? new FeatureSet.Part(
                        test.features(),
                        Arrays.stream(test.labels()).map(stream::rotated).toArray(),
                        test.groups())
                : test;
    }

    private void answer(SampleStream stream, int from, int to, Answers answers) {
        List<Answer> batch = lane.answers(stream, from, to);
        VersionRef by = Objects.requireNonNull(lane.serving());
        for (int i = from; i < to; i++) {
            answers.given[i] = (ClassLabel) batch.get(i - from).label(ServedLane.NO_PAYLOAD);
            answers.by[i] = by;
        }
    }

    /** The labels of the requests from {@code from} to before {@code to} come. */
    private void labels(SampleStream stream, int from, int to, int now, Answers answers) {
        if (from >= to) {
            return;
        }
        List<Answer> later = lane.answers(stream, from, to);
        for (int i = from; i < to; i++) {
            ClassLabel label = label(stream, i);
            long time = i - FIRST;
            answers.estimate.add(time, answers.by[i], label, answers.given[i]);
            if (answers.estimate.labelled(time / PERIOD) == PERIOD / 2.0) {
                answers.halves.put(time / PERIOD, answers.estimate.accuracy(time / PERIOD));
            }
            double[] own = answers.own.computeIfAbsent(now / PERIOD, any -> new double[2]);
            own[0]++;
            own[1] += later.get(i - from).label(ServedLane.NO_PAYLOAD).equals(label) ? 1 : 0;
            lane.learn(lane.example(stream, i));
        }
    }

    private ClassLabel label(SampleStream stream, int i) {
        return new ClassLabel(set.classes().get(stream.labels()[i]));
    }

    private Result result(SampleStream stream, List<Double> curve, Answers answers) {
        int periods = (stream.size() - FIRST) / PERIOD;
        double[] truth = new double[periods];
        for (int i = FIRST; i < stream.size(); i++) {
            truth[(i - FIRST) / PERIOD] += label(stream, i).equals(answers.given[i]) ? 1.0 / PERIOD : 0;
        }
        List<Double> partly = new ArrayList<>();
        List<Double> complete = new ArrayList<>();
        List<Double> own = new ArrayList<>();
        for (int period = 0; period < periods; period++) {
            Double half = answers.halves.get((long) period);
            if (half != null) {
                partly.add(Math.abs(half - truth[period]));
            }
            if (answers.estimate.labelled(period) == PERIOD) {
                complete.add(Math.abs(answers.estimate.accuracy(period) - truth[period]));
            }
            double[] sums = answers.own.get(period);
            if (sums != null) {
                own.add(Math.abs(sums[1] / sums[0] - truth[period]));
            }
        }
        return new Result(curve, Arrays.stream(truth).average().orElse(0), partly, complete, own);
    }

    @Override
    public void close() {
        lane.close();
    }
}
