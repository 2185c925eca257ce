package io.headwater.engine.closed;

/**
 * Whether rows without targets come from another distribution than those with targets, by the means of their features.
 *
 * <p>The statistic is the mean over all features of the squared distance between the two means, in deviations of the rows with
 * targets. Between samples of one distribution it is about 1 / rows + 1 / rows, with a deviation that the correlations of the
 * features determine: it is a sum of squares with the eigenvalues of their correlation matrix as weights, and thousands of features
 * that all say the same are one (Satterthwaite, "An Approximate Distribution of Estimates of Variance Components", 1946). What is
 * visible is therefore calibrated on the spread of the rows with targets alone, whatever their features are.
 */
public final class MeanShift {
    /** So many deviations above its mean the statistic must be: for one feature, chance is above with a probability of 0.5 %. */
    private static final double DEVIATIONS = 5;

    /** The variance that is added to that of each feature, relative to their mean, so that one that hardly varies stays so. */
    private static final double LEAST_VARIANCE = 1e-2;

    private MeanShift() {}

    /**
     * Returns whether the means differ by more than chance.
     *
     * @param learned moments of rows with targets, at least one
     * @param found sums of the rows without targets; without any, nothing is visible
     */
    public static boolean isVisible(CentredMoments learned, FeatureSums found) {
        int width = learned.width();
        double least = LEAST_VARIANCE * Math.max(0, learned.trace()) / learned.rows() / width;
        if (found.rows() == 0 || !(least > 0)) {
            return false;
        }
        double[] scales = new double[width];
        for (int i = 0; i < width; i++) {
            scales[i] = 1 / (Math.max(0, learned.scatter()[i * width + i]) / learned.rows() + least);
        }
        double[] means = found.mean();
        double moved = 0;
        double expected = 0;
        double squares = 0;
        for (int i = 0; i < width; i++) {
            double away = means[i] - learned.mean()[i];
            moved += away * away * scales[i];
            for (int j = 0; j < width; j++) {
                double covariance = learned.scatter()[i * width + j] / learned.rows();
                squares += covariance * covariance * scales[i] * scales[j];
            }
            expected += 1 - least * scales[i];
        }
        double chance = 1.0 / found.rows() + 1.0 / learned.rows();
        return moved > chance * (expected + DEVIATIONS * Math.sqrt(2 * squares));
    }
}
