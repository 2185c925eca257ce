package io.headwater.engine.closed;

/** How strongly a covariance is shrunk towards equal variances without correlation. */
public enum Strength {
    /** By an estimate from the features alone, as {@link ShrunkCovariance} describes; it is fast, and the better with very few samples. */
    SHRINKAGE,
    /**
     * By the evidence of the targets, as {@link RidgeFit} describes; as good or better on most sets from some dozens of
     * samples on, and much better where a few features vary much more than those that tell classes apart.
     */
    EVIDENCE
}
