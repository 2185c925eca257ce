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
 */
public record ScoredPrediction(Label expected, Label predicted, Map<String, Float> probabilities, double score) {

    /** Without a score. */
    public ScoredPrediction(Label expected, Label predicted, Map<String, Float> probabilities) {
        this(expected, predicted, probabilities, Double.NaN);
    }

    /** Without probabilities and score. */
    public ScoredPrediction(Label expected, Label predicted) {
        this(expected, predicted, Map.of());
    }
}
