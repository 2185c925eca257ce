package io.headwater.engine.closed;

/**
 * A way to compute an output layer from moments, without iteration over samples, without a learning rate and without
 * dependence on the order of the samples. The same moments give the same bits on the same kind of processor with the
 * same number of threads.
 */
public interface ClosedForm {

    /**
     * Returns the weights of the output layer. They are finite whatever the moments are: without rows, with a single
     * row or class, and with features that are constant, equal to one another or more numerous than the rows.
     *
     * <p>If the moments were {@linkplain CentredMoments#standardised standardised}, the weights are nevertheless those
     * of the original features.
     */
    LinearWeights solve(CentredMoments moments);
}
