package io.headwater.domain;

import java.util.List;

/**
 * The scores up to which outcomes belong to a {@link PredictionRegion}. The larger the score of an outcome, the worse it
 * fits to the prediction.
 *
 * @param coverage the fraction of regions that should contain the truth, above 0 and below 1
 * @param values one threshold for classes, labels or tags; for numbers, one for each of them
 */
public record Thresholds(double coverage, List<Double> values) {
    public Thresholds {
        values = List.copyOf(values);
    }
}
