package io.headwater.bench.labels;

/**
 * An estimate of the mean of all requests from those that were chosen, each with a probability that is known: the sum of values weighted
 * by the inverse of the probability, divided by the sum of weights (Hájek, Comment on "An Essay on the Logical Foundations of Survey
 * Sampling", 1971; Swaminathan, Joachims, The Self-Normalized Estimator for Counterfactual Learning, 2015). The mean of the chosen
 * values themselves is wrong where hard requests are chosen more often (Farquhar, Gal, Rainforth, On Statistical Bias in Active
 * Learning, 2021).
 *
 * <p>Weights are clipped, which bounds the influence of a single label (Ionides, Truncated Importance Sampling, 2008). Requests that
 * are chosen with a probability below 1/{@code largestWeight} then weigh less than they should, so that the estimate leans
 * towards the others by at most the share of such requests. The division has a bias too, which vanishes with the number of values. The
 * estimate says nothing of requests that could not be chosen, as when the budget of a day was spent.
 *
 * @param largestWeight the largest weight, at least 1
 * @param count number of values
 * @param weights sum of the weights
 * @param squares sum of the squares of the weights
 * @param first sum of the weighted values
 * @param second sum of the values weighted by the squares of the weights
 * @param third sum of the squares of the weighted values
 */
public record WeightedMean(
        double largestWeight, long count, double weights, double squares, double first, double second, double third) {
    /** The usual largest weight: that of requests of which one in a hundred is chosen. */
    public static final double USUAL_LARGEST_WEIGHT = 100;

    /** Values below which an interval is too narrow to be believed. */
    private static final int FEW = 30;

    /**
     * A range that contains the mean as often as asked.
     *
     * @param low its lower end; negative infinity when there are too few values
     * @param high its upper end; positive infinity when there are too few values
     */
    public record Range(double low, double high) {}

    /**
     * Returns an estimate without values.
     *
     * @param largestWeight at least 1
     */
    public static WeightedMean clippedAt(double largestWeight) {
        if (!(largestWeight >= 1)) {
            throw new IllegalArgumentException("the largest weight must be at least 1, but is " + largestWeight);
        }
        return new WeightedMean(largestWeight, 0, 0, 0, 0, 0, 0);
    }

    /**
     * Returns the estimate with one more value.
     *
     * @param value finite
     * @param probability with which its request was chosen, above 0 and up to 1
     */
    public WeightedMean plus(double value, double probability) {
        if (!(probability > 0 && probability <= 1) || !Double.isFinite(value)) {
            throw new IllegalArgumentException(
                    "a value must be finite and chosen with a probability above 0 and up to 1, but is " + value
                            + " with probability " + probability + "; leave out requests that nobody was asked for");
        }
        double weight = Math.min(largestWeight, 1 / probability);
        double weighted = weight * value;
        return new WeightedMean(
                largestWeight,
                count + 1,
                weights + weight,
                squares + weight * weight,
                first + weighted,
                second + weight * weighted,
                third + weighted * weighted);
    }

    /** Returns the estimate of the mean of all requests; NaN without values. */
    public double mean() {
        return first / weights;
    }

    /** Returns how many values of equal weight would say as much (Kish, Survey Sampling, 1965); 0 without values. */
    public double effective() {
        return squares == 0 ? 0 : weights * weights / squares;
    }

    /**
     * Returns the standard error of the mean, by linearisation of the ratio (Särndal, Swensson, Wretman, Model Assisted Survey Sampling,
     * 1992); NaN with fewer than two values.
     */
    public double error() {
        double mean = mean();
        double residuals = Math.max(0, third - 2 * mean * second + mean * mean * squares);
        return count < 2 ? Double.NaN : Math.sqrt(residuals * count / (count - 1)) / weights;
    }

    /**
     * Returns a range that contains the mean of all requests with about this many deviations of confidence, 1.96 for 95 %. It is unbounded
     * below {@value #FEW} effective values, of which the normal distribution says little.
     */
    public Range range(double deviations) {
        double reach = effective() < FEW ? Double.POSITIVE_INFINITY : deviations * error();
        return new Range(
                count == 0 ? Double.NEGATIVE_INFINITY : mean() - reach,
                count == 0 ? Double.POSITIVE_INFINITY : mean() + reach);
    }
}
