package io.headwater.task;

import io.headwater.domain.Label;
import java.util.Map;

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

    /** Probabilities by the name of the output, each 0 to 1; empty where a sample has none as a whole. */
    default Map<String, Float> probabilities() {
        return Map.of();
    }
}
