package io.headwater.task.goal;

import java.util.Collection;

/**
 * How well real values were predicted, as scikit-learn's {@code mean_absolute_error}, {@code root_mean_squared_error} and
 * {@code r2_score} define: each for every output, then the mean over the outputs.
 *
 * @param samples scored, positive
 * @param mae mean absolute error, at least 0, in the unit of the values
 * @param rmse root of the mean squared error, at least 0, in the unit of the values
 * @param r2 1 − squared error / squared distance from the mean of the expected values, at most 1; where these are all the
 *     same, as with one sample, 1 when nothing is wrong and else 0
 */
public record RegressionMetrics(long samples, double mae, double rmse, double r2) {

    /**
     * One scored sample.
     *
     * @param expected values, at least one, finite
     * @param predicted as many, finite
     */
    public record Pair(float[] expected, float[] predicted) {}

    /**
     * The metrics of {@code pairs}.
     *
     * @throws IllegalArgumentException when there are none, they differ in length, or hold a number that is not finite
     */
    public static RegressionMetrics of(Collection<Pair> pairs) {
        ScoredSamples.some(pairs);
        int outputs = pairs.iterator().next().expected().length;
        for (Pair pair : pairs) {
            if (outputs == 0 || pair.expected().length != outputs || pair.predicted().length != outputs) {
                throw new IllegalArgumentException(
                        "samples must have the same number of values, at least one, but one has "
                                + pair.expected().length + " expected and " + pair.predicted().length
                                + " predicted beside "
                                + outputs);
            }
        }
        double mae = 0;
        double rmse = 0;
        double r2 = 0;
        for (int i = 0; i < outputs; i++) {
            RegressionMetrics one = output(pairs, i);
            mae += one.mae() / outputs;
            rmse += one.rmse() / outputs;
            r2 += one.r2() / outputs;
        }
        return new RegressionMetrics(pairs.size(), mae, rmse, r2);
    }

    private static RegressionMetrics output(Collection<Pair> pairs, int output) {
        double mean = 0;
        for (Pair pair : pairs) {
            mean += ScoredSamples.finite(pair.expected()[output]);
        }
        mean /= pairs.size();
        double absolute = 0;
        double squared = 0;
        double spread = 0;
        for (Pair pair : pairs) {
            double expected = pair.expected()[output];
            double error = ScoredSamples.finite(pair.predicted()[output]) - expected;
            absolute += Math.abs(error);
            squared += error * error;
            spread += (expected - mean) * (expected - mean);
        }
        double r2 = squared == 0 ? 1 : spread == 0 ? 0 : 1 - squared / spread;
        return new RegressionMetrics(pairs.size(), absolute / pairs.size(), Math.sqrt(squared / pairs.size()), r2);
    }
}
