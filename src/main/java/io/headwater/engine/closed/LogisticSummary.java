package io.headwater.engine.closed;

/**
 * What {@link Logistic} knows of rows that are no longer at hand: weights that fitted them, and how much a departure
 * from these weights costs.
 *
 * @param anchor the weights, [width, outputs], of which the last row is the bias
 * @param squares the sums of the products of two features over all rows, those at hand included: the upper triangle of
 *     [width, width], row by row; the last feature is 1, and the mean of each other is 0
 */
record LogisticSummary(double[] anchor, double[] squares) {
    /** The variance of a class indicator where the weights leave two classes equally likely: the largest there is. */
    private static final double INDICATOR_VARIANCE = 0.25;

    /**
     * Returns the curvature of the cost as the upper triangle of [width, width]. The bias has one of its own, apart
     * from that of the features.
     *
     * @param atHand the sums of the products over the rows at hand, as {@code squares}
     */
    double[] curvature(double[] atHand, int width) {
        double[] curvature = new double[width * width];
        for (int row = 0; row < width; row++) {
            int bias = (row + 1) * width - 1;
            for (int at = row * width + row; at < bias; at++) {
                curvature[at] = INDICATOR_VARIANCE * (squares[at] - atHand[at]);
            }
        }
        int last = curvature.length - 1;
        curvature[last] = INDICATOR_VARIANCE * (squares[last] - atHand[last]);
        return curvature;
    }
}
