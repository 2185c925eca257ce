package io.headwater.engine.closed;

import java.util.stream.IntStream;

/**
 * How rows are scattered within and between classes.
 *
 * @param moments the moments about the mean of all rows, whose targets are 1 for the class of a row and else 0
 * @param present the classes that have rows
 * @param counts the number of rows of each of them
 * @param offsets the mean of each of them less that of all rows, [present, width]
 * @param within the sum of the outer products of rows about the means of their classes, upper triangle
 */
record ClassScatter(CentredMoments moments, int[] present, double[] counts, double[] offsets, double[] within) {

    static ClassScatter of(CentredMoments moments) {
        int width = moments.width();
        double[] sizes = new double[moments.outputs()];
        for (int output = 0; output < sizes.length; output++) {
            sizes[output] = Math.rint(moments.targetMean()[output] * moments.rows());
        }
        int[] present = IntStream.range(0, sizes.length)
                .filter(output -> sizes[output] > 0)
                .toArray();
        double[] counts = new double[present.length];
        double[] offsets = new double[present.length * width];
        double[] between = new double[offsets.length];
        for (int i = 0; i < present.length; i++) {
            counts[i] = sizes[present[i]];
            for (int j = 0; j < width; j++) {
                double sum = moments.cross()[present[i] * width + j];
                offsets[i * width + j] = sum / counts[i];
                between[i * width + j] = sum / Math.sqrt(counts[i]);
            }
        }
        double[] within = moments.scatter().clone();
        LinearAlgebra.subtractCrossProduct(between, present.length, width, within);
        return new ClassScatter(moments, present, counts, offsets, within);
    }

    /** The number of rows less the number of their classes. */
    long freedom() {
        return Math.max(0, moments.rows() - present.length);
    }

    /** The variance of a feature over all rows, on average. */
    double variance() {
        return Math.max(0, moments.trace()) / moments.width() / Math.max(1, moments.rows() - 1);
    }

    /**
     * Returns the weights of a Gaussian discriminant: the logit of a class is
     * {@code direction' (x - mean) - direction' offset / 2 + log prior}, which is 0 on average but for constants that
     * all classes share.
     *
     * <p>For any features, the mean of the logits, weighted by the numbers of rows, is the same, because the weighted
     * sum of the offsets is 0. At least one logit is not below it, and classes without rows are placed below it.
     *
     * @param directions the inverse of the covariance times each offset, [present, width]
     */
    LinearWeights weights(double[] directions, ClassPrior prior) {
        int width = moments.width();
        double[] all = new double[moments.outputs() * width];
        double[] heights = new double[moments.outputs()];
        double[] sizes = new double[moments.outputs()];
        double mean = 0;
        for (int i = 0; i < present.length; i++) {
            System.arraycopy(directions, i * width, all, present[i] * width, width);
            double distance = 0;
            for (int j = i * width; j < (i + 1) * width; j++) {
                distance += directions[j] * offsets[j];
            }
            heights[present[i]] = logPrior(prior, counts[i]) - distance / 2;
            sizes[present[i]] = counts[i];
            mean += heights[present[i]] * counts[i] / moments.rows();
        }
        AbsentClasses.place(heights, sizes, mean);
        return LinearWeights.at(moments, all, heights);
    }

    private double logPrior(ClassPrior prior, double count) {
        return prior == ClassPrior.UNIFORM
                ? -StrictMath.log(present.length)
                : StrictMath.log((count + 1) / (moments.rows() + moments.outputs()));
    }
}
