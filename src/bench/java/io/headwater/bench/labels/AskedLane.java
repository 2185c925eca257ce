package io.headwater.bench.labels;

import io.headwater.adapt.Example;
import io.headwater.adapt.ask.Choice;
import io.headwater.adapt.ask.LaneAsks;
import io.headwater.bench.learner.FeatureSet;
import io.headwater.bench.learner.SampleStream;
import io.headwater.config.ask.AsksConfig;
import io.headwater.domain.LateEvaluation.AskedSums;
import io.headwater.task.Answer;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lane at its defaults whose samples are requests first: a predictor answers them with the version that serves and chooses some, and the
 * lane learns those that were chosen. Labels come at once.
 */
final class AskedLane implements AutoCloseable {
    /** Requests that are answered together. */
    private static final int BATCH = 64;

    private final FeatureSet set;
    private final @Nullable AsksConfig asks;
    private final ServedLane lane;

    /**
     * Creates an untrained lane.
     *
     * @param asks the budget; null to label every request
     */
    AskedLane(FeatureSet set, @Nullable AsksConfig asks) {
        this.set = set;
        this.asks = asks;
        this.lane = asks == null ? new ServedLane(set) : new ServedLane(set, asks);
    }

    /**
     * What was measured.
     *
     * @param accuracy of the version that serves at the end, on test samples
     * @param labels the part of the requests that was labelled
     * @param truth accuracy of what served, over all requests that were answered
     * @param unweighted the same over those that were chosen
     * @param weighted the same over those that were chosen, weighted
     * @param assisted the same, corrected by what the answers to all requests say of themselves
     */
    record Result(
            double accuracy, double labels, double truth, double unweighted, WeightedMean weighted, double assisted) {}

    /** Answers the requests of a stream and learns those that are chosen. */
    Result run(SampleStream stream, long seed) {
        @Nullable LaneAsks chooser = asks == null ? null : new LaneAsks(asks, seed, ServedLane.LANE);
        WeightedMean weighted = WeightedMean.clippedAt(WeightedMean.USUAL_LARGEST_WEIGHT);
        double weightedExpected = 0;
        double expected = 0;
        int labelled = 0;
        int answered = 0;
        int right = 0;
        int rightOfChosen = 0;
        for (int from = 0; from < stream.size(); from += BATCH) {
            int to = Math.min(stream.size(), from + BATCH);
            List<Answer> answers = lane.answers(stream, from, to);
            for (int i = from; i < to; i++) {
                Example example = lane.example(stream, i);
                @Nullable Answer answer = answers.isEmpty() ? null : answers.get(i - from);
                Choice choice = chooser == null
                        ? new Choice(true, 1, AsksConfig.Strategy.RANDOM, 0)
                        : chooser.choose(
                                Integer.toString(stream.samples()[i]), lane.answered(answer, example.features()), 0);
                if (answer != null) {
                    int hit = answer.label(ServedLane.NO_PAYLOAD).equals(example.label()) ? 1 : 0;
                    double sure = Collections.max(answer.probabilities().values());
                    answered++;
                    right += hit;
                    expected += sure;
                    if (choice.isChosen()) {
                        rightOfChosen += hit;
                        weightedExpected += sure / choice.probability();
                        weighted = weighted.plus(hit, choice.probability());
                    }
                }
                if (choice.isChosen()) {
                    labelled++;
                    lane.learn(example);
                }
            }
        }
        lane.end();
        if (lane.serving() == null) {
            throw new IllegalStateException("the lane has no version; the set is too small for its budget");
        }
        return new Result(
                lane.accuracy(set.test()),
                (double) labelled / stream.size(),
                (double) right / answered,
                (double) rightOfChosen / weighted.count(),
                weighted,
                new AskedSums(
                                weighted.weights(),
                                weighted.squares(),
                                weighted.first(),
                                weightedExpected,
                                answered,
                                expected)
                        .assistedMeanScore());
    }

    @Override
    public void close() {
        lane.close();
    }
}
