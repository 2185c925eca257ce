package io.headwater.task;

import io.headwater.domain.Label;
import java.util.Map;

/**
 * What was said of a sample beside what it should have been.
 *
 * @param expected the sample's own label
 * @param predicted by a head
 * @param probabilities that explain what was said, by name; empty where they were not kept
 * @param score how good it is, 0 to 1; NaN where that was not kept
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
