package io.headwater.engine.closed;

/**
 * Linear discriminant analysis with shrinkage, from exact sums in one pass (as in Hayes and Kanan 2020, "Lifelong Machine
 * Learning with Deep Streaming Linear Discriminant Analysis"): each class is Gaussian about its mean, with one
 * covariance for all, a {@link ShrunkCovariance}. Logits are log-probabilities but for a constant, as far as this
 * holds. Classes without rows have logits far below the largest.
 *
 * @param prior the probability of each class before a sample is seen
 */
public record Discriminant(ClassPrior prior) implements ClosedForm {

    @Override
    public LinearWeights solve(CentredMoments moments) {
        ClassScatter classes = ClassScatter.of(moments);
        ShrunkCovariance covariance =
                ShrunkCovariance.of(classes.within(), moments.width(), classes.freedom(), classes.variance());
        return classes.weights(covariance.solve(classes.offsets(), classes.present().length), prior);
    }
}
