package io.headwater.engine.closed;

/**
 * Centres features by their means and divides all of them by one number, the root of their mean variance, so that the
 * same regularisation suits features of any size, and directions keep their relative variance.
 *
 * @param mean the mean of each feature
 * @param scale positive
 */
record FeatureScaling(double[] mean, double scale) {

    /** Returns the scaling for the rows of moments. */
    static FeatureScaling of(CentredMoments moments) {
        double scale = Math.sqrt(moments.trace() / Math.max(1, moments.rows()) / moments.width());
        return new FeatureScaling(moments.mean(), scale > 0 ? scale : 1);
    }

    int width() {
        return mean.length;
    }

    /** Returns scaled features with a further feature of 1 at the end, row by row. */
    double[] rows(FeatureRows rows) {
        int width = mean.length + 1;
        double[] scaled = new double[Math.multiplyExact(rows.count(), width)];
        for (int row = 0; row < rows.count(); row++) {
            for (int i = 0; i < mean.length; i++) {
                scaled[row * width + i] = (rows.at(row, i) * FixedPoint.UNIT - mean[i]) / scale;
            }
            scaled[row * width + mean.length] = 1;
        }
        return scaled;
    }

    /**
     * Returns sums of products of scaled features with a further feature of 1 at the end, of which the upper triangle
     * is set.
     */
    double[] squares(CentredMoments moments) {
        int width = mean.length + 1;
        double[] squares = new double[width * width];
        for (int i = 0; i < mean.length; i++) {
            for (int j = i; j < mean.length; j++) {
                squares[i * width + j] = moments.scatter()[i * mean.length + j] / (scale * scale);
            }
        }
        squares[width * width - 1] = moments.rows();
        return squares;
    }
}
