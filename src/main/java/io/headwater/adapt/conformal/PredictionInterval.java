package io.headwater.adapt.conformal;

/**
 * The values that may be the true one. The score of a value is its distance from the prediction.
 *
 * @param low the lowest value
 * @param high the highest value; below the lowest one when the interval is empty
 */
public record PredictionInterval(double low, double high) {

    /** Returns the score of the true value for {@link AdaptiveThreshold#observe}. */
    public static double score(double prediction, double truth) {
        return Math.abs(truth - prediction);
    }

    /** Returns the values whose score is at most {@code threshold}. */
    public static PredictionInterval around(double prediction, double threshold) {
        return new PredictionInterval(prediction - threshold, prediction + threshold);
    }

    /** Returns whether {@code value} is in the interval. */
    public boolean contains(double value) {
        return value >= low && value <= high;
    }
}
