package io.headwater.domain;

/**
 * The values that a number may have.
 *
 * @param low the lowest value
 * @param high the highest value, at least {@code low}
 */
public record PredictionInterval(double low, double high) {

    /**
     * Returns the values whose distance from {@code prediction} is at most {@code distance}; only the prediction itself
     * for a negative distance.
     */
    public static PredictionInterval around(double prediction, double distance) {
        double reach = Math.max(0, distance);
        return new PredictionInterval(prediction - reach, prediction + reach);
    }

    /** Returns whether {@code value} is in the interval. */
    public boolean contains(double value) {
        return value >= low && value <= high;
    }
}
