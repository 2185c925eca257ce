package io.headwater.task;

import io.headwater.domain.Label;
import io.headwater.domain.PredictionRegion;
import io.headwater.domain.Thresholds;
import java.util.Map;
import java.util.Optional;

/**
 * The prediction of a head for one sample, as its {@link Goal} decodes it from the logits. Each goal has a type of its own.
 * Not to be changed after it is made.
 */
public interface Answer {

    /**
     * How good the answer is, from 0 to 1. The gate compares means of this score.
     *
     * @param expected the complete target of the sample, of the same goal
     */
    double score(Target expected);

    /**
     * How good the answer and its probabilities are, from 0 to 1. Contenders are compared by means of this number. Where
     * the answer has probabilities it is a proper score, which differs less by chance than {@link #score} does.
     *
     * @param expected the complete target of the sample, of the same goal
     */
    default double quality(Target expected) {
        return score(expected);
    }

    /**
     * The answer as a label.
     *
     * @param view of the sample's payload, made by the preparation of the same task
     */
    Label label(PayloadView view);

    /**
     * The absolute error of the predicted value, at least 0; NaN where the goal predicts no value.
     *
     * @param expected the complete target of the sample, of the same goal
     */
    default double error(Target expected) {
        return Double.NaN;
    }

    /** The stated probability that the answer is right, 0 to 1; NaN where it is not one class out of several. */
    default double confidence() {
        return Double.NaN;
    }

    /** Probabilities by the name of the output, each 0 to 1; empty where a sample has none as a whole. */
    default Map<String, Float> probabilities() {
        return Map.of();
    }

    /**
     * The nonconformity scores of the truth: the larger one is, the worse the truth fits to the answer. Score i belongs to
     * threshold i modulo {@link Goal#thresholds}.
     *
     * @param expected the complete target of the sample, of the same goal
     * @return finite numbers, at least 0; none where the goal has no thresholds
     */
    default double[] nonconformity(Target expected) {
        return new double[0];
    }

    /**
     * The outcomes whose nonconformity score is at most the threshold; empty where the goal has no thresholds.
     *
     * @param view of the sample's payload, made by the preparation of the same task
     * @param thresholds as many as the goal has
     */
    default Optional<PredictionRegion> region(PayloadView view, Thresholds thresholds) {
        return Optional.empty();
    }

    /**
     * The probability that the answer is wrong, 0 to 1; the mean over its parts where they are judged one by one. NaN
     * where it has no probabilities.
     *
     * @param view of the sample's payload, made by the preparation of the same task
     */
    default double risk(PayloadView view) {
        return Double.NaN;
    }
}
