package io.headwater.engine.closed;

/**
 * The nearest class mean: each class is Gaussian about its mean, with one variance in all directions. It has the fewest
 * parameters, and so is the best while there are few samples of each class.
 *
 * <p>The variance is that within classes, along the lines from the mean of all rows to those of the classes. It says
 * how far classes overlap, and therefore how certain a decision is; the variance of a feature is too small for that
 * where features are correlated, and bounds it from below.
 *
 * @param prior the probability of each class before a sample is seen
 */
public record NearestMean(ClassPrior prior) implements ClosedForm {

    @Override
    public LinearWeights solve(CentredMoments moments) {
        ClassScatter classes = ClassScatter.of(moments);
        double variance = variance(classes, moments.width());
        double[] directions = classes.offsets().clone();
        for (int i = 0; i < directions.length; i++) {
            directions[i] /= variance;
        }
        return classes.weights(directions, prior);
    }

    private static double variance(ClassScatter classes, int width) {
        double[] within = classes.within();
        double[] all = classes.moments().scatter();
        double product = 0;
        for (int i = 0; i < width; i++) {
            for (int j = i; j < width; j++) {
                int at = i * width + j;
                product += (i == j ? 1 : 2) * within[at] * (all[at] - within[at]);
            }
        }
        double trace = LinearAlgebra.trace(within, width);
        double between = LinearAlgebra.trace(all, width) - trace;
        double feature = ShrunkCovariance.meanVariance(trace, width, classes.freedom(), classes.variance());
        double along = between > 0 && classes.freedom() > 0 ? product / between / classes.freedom() : 0;
        return Math.max(feature, Math.min(along, trace / Math.max(1, classes.freedom())));
    }
}
