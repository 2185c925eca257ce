package io.headwater.engine.closed;

/**
 * Linear discriminant analysis with shrinkage, from exact sums in one pass (as in Hayes and Kanan 2020, "Lifelong Machine
 * Learning with Deep Streaming Linear Discriminant Analysis"): each class is Gaussian about its mean, with one
 * covariance for all, a {@link ShrunkCovariance}. Logits are log-probabilities but for a constant, as far as this
 * holds. Classes without rows have logits far below the largest.
 *
 * @param prior the probability of each class before a sample is seen
 * @param strength how strongly the covariance is shrunk
 */
public record Discriminant(ClassPrior prior, Strength strength) implements ClosedForm {

    @Override
    public LinearWeights solve(CentredMoments moments) {
        ClassScatter classes = ClassScatter.of(moments);
        double[] directions = covariance(classes).solve(classes.offsets(), classes.present().length);
        return classes.weights(directions, prior);
    }

    private ShrunkCovariance covariance(ClassScatter classes) {
        CentredMoments moments = classes.moments();
        return switch (strength) {
            case SHRINKAGE ->
                ShrunkCovariance.of(classes.within(), moments.width(), classes.freedom(), classes.variance());
            case EVIDENCE ->
                ShrunkCovariance.ofStrength(
                        classes.within(),
                        moments.width(),
                        classes.freedom(),
                        classes.variance(),
                        RidgeFit.of(moments, true, true).strength());
        };
    }
}
