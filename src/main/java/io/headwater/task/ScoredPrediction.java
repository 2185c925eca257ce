package io.headwater.task;

import io.headwater.domain.Label;
import java.util.Map;

/**
 * The label of a sample and the prediction for it.
 *
 * @param expected the sample's own label
 * @param predicted by a head, or by a baseline
 * @param probabilities of the prediction by the name of the output; empty where they were not kept
 * @param score of the prediction, 0 to 1; NaN where it was not kept
 * @param error absolute error of the predicted value, at least 0; NaN where the goal predicts no value or it was not kept
 * @param confidence stated probability of the predicted class, 0 to 1; NaN where the goal predicts no class or it was not kept
 */
public record ScoredPrediction(
        Label expected,
        Label predicted,
        Map<String, Float> probabilities,
        double score,
        double error,
        double confidence) {

    /** Without the stated probability. */
    public ScoredPrediction(
            Label expected, Label predicted, Map<String, Float> probabilities, double score, double error) {
        this(expected, predicted, probabilities, score, error, Double.NaN);
    }

    /** A prediction of a goal that predicts no value. */
    public ScoredPrediction(Label expected, Label predicted, Map<String, Float> probabilities, double score) {
        this(expected, predicted, probabilities, score, Double.NaN);
    }

    /** Without a score. */
    public ScoredPrediction(Label expected, Label predicted, Map<String, Float> probabilities) {
        this(expected, predicted, probabilities, Double.NaN);
    }

    /** Without probabilities and score. */
    public ScoredPrediction(Label expected, Label predicted) {
        this(expected, predicted, Map.of());
    }

    /** The same prediction with its probabilities. */
    public ScoredPrediction withProbabilities(Map<String, Float> byName) {
        return new ScoredPrediction(expected, predicted, byName, score, error, confidence);
    }
}
