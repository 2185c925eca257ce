package io.headwater.engine.closed;

import java.util.Arrays;

/**
 * Centres features by their means and divides them, so that the same regularisation suits features of any size.
 *
 * @param mean the mean of each feature
 * @param scales what each feature is divided by; positive
 */
record FeatureScaling(double[] mean, double[] scales) {
    /** The variance that is added to that of each feature, relative to their mean, so that none is divided by 0. */
    private static final double LEAST_VARIANCE = 1e-7;

    /** Returns the scaling of each feature by its own deviation if they are of different units, and by one number if not. */
    static FeatureScaling of(CentredMoments moments) {
        return moments.haveUnits() ? ofEach(moments) : ofAll(moments);
    }

    /** Returns the scaling by one number, the root of the mean variance: directions keep their relative variance. */
    private static FeatureScaling ofAll(CentredMoments moments) {
        double variance = meanVariance(moments);
        double[] scales = new double[moments.width()];
        Arrays.fill(scales, variance > 0 ? Math.sqrt(variance) : 1);
        return new FeatureScaling(moments.mean(), scales);
    }

    /** Returns the scaling of each feature by its own deviation. */
    private static FeatureScaling ofEach(CentredMoments moments) {
        double least = LEAST_VARIANCE * meanVariance(moments);
        int width = moments.width();
        double[] scales = new double[width];
        for (int i = 0; i < width; i++) {
            double variance = Math.max(0, moments.scatter()[i * width + i]) / Math.max(1, moments.rows()) + least;
            scales[i] = variance > 0 ? Math.sqrt(variance) : 1;
        }
        return new FeatureScaling(moments.mean(), scales);
    }

    private static double meanVariance(CentredMoments moments) {
        return moments.trace() / Math.max(1, moments.rows()) / moments.width();
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
                scaled[row * width + i] = (rows.at(row, i) * FixedPoint.UNIT - mean[i]) / scales[i];
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
                squares[i * width + j] = moments.scatter()[i * mean.length + j] / (scales[i] * scales[j]);
            }
        }
        squares[width * width - 1] = moments.rows();
        return squares;
    }
}
