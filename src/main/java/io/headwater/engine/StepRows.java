package io.headwater.engine;

/** Validates the rows of a training step, for all kinds of heads. */
public final class StepRows {
    private StepRows() {}

    /**
     * Checks that a step can be trained on these rows.
     *
     * @throws IllegalArgumentException when there are no rows, the numbers of targets or weights differ from that of
     *     the rows, a value is not finite, or a weight is not positive
     */
    public static void check(float[][] features, float[][] targets, float[] weights) {
        if (features.length == 0 || targets.length != features.length || weights.length != features.length) {
            throw new IllegalArgumentException(
                    "a step needs as many targets and weights as features, at least 1, but has " + features.length
                            + " rows of features, " + targets.length + " of targets and " + weights.length
                            + " weights");
        }
        for (int row = 0; row < features.length; row++) {
            for (float value : features[row]) {
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException(
                            "row " + row + " of features must be finite, but holds " + value);
                }
            }
            for (float value : targets[row]) {
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException("row " + row + " of targets must be finite, but holds " + value);
                }
            }
            if (!(weights[row] > 0 && Float.isFinite(weights[row]))) {
                throw new IllegalArgumentException("weight " + row + " must be positive, but is " + weights[row]);
            }
        }
    }
}
