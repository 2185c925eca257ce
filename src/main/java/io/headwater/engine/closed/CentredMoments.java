package io.headwater.engine.closed;

import java.util.Arrays;

/**
 * Moments about the means, in double precision, from which a {@link ClosedForm} is computed. {@link Moments#centred}
 * creates them. They are differences of exact sums, so that no digits are lost where
 * the means are large and the variances small.
 *
 * @param rows the number of rows
 * @param mean the mean of each feature; 0 without rows
 * @param scale what features less their mean were multiplied by before the following sums
 * @param scatter the sum of {@code (x - mean) (x - mean)'}, of which the upper triangle is set, row by row
 * @param targetMean the mean of each output's targets; 0 without rows
 * @param cross the sum of {@code (y - targetMean) (x - mean)'}, [outputs, width]
 * @param targetScatter the sum of {@code (y - targetMean)^2} for each output
 */
public record CentredMoments(
        long rows,
        double[] mean,
        double[] scale,
        double[] scatter,
        double[] targetMean,
        double[] cross,
        double[] targetScatter) {
    /** The variance that is added to that of each feature, relative to their mean, so that none is divided by 0. */
    private static final double LEAST_VARIANCE = 1e-7;

    /** Features whose variance is a smaller part of the mean variance hardly vary. */
    private static final double HARDLY = 1e-9;

    /** How many times the geometric mean of the variances their mean is where features have different units. */
    private static final double OTHER_UNITS = 10;

    static CentredMoments of(int width, long rows, int outputs, Sums xx, Sums x, Sums xy, Sums y, Sums yy) {
        Centre features = Centre.of(x, width, rows);
        Centre targets = Centre.of(y, outputs, rows);
        double[] scatter = new double[Math.multiplyExact(width, width)];
        int at = 0;
        for (int i = 0; i < width; i++) {
            xx.centre(at, features.means[i], features.remainders[i], x, features.means, i, scatter, i * width);
            features.toScatter(features.remainders[i], scatter, i * width, i);
            at += width - i;
        }
        double[] cross = new double[outputs * width];
        double[] targetScatter = new double[outputs];
        for (int output = 0; output < outputs; output++) {
            long mean = targets.means[output];
            long remainder = targets.remainders[output];
            xy.centre(output * width, mean, remainder, x, features.means, 0, cross, output * width);
            features.toScatter(remainder, cross, output * width, 0);
            double exact = yy.centred(output, mean, remainder, y, output, mean);
            targetScatter[output] = Math.max(0, targets.toScatter(exact, remainder, output));
        }
        double[] scale = new double[width];
        Arrays.fill(scale, 1);
        return new CentredMoments(
                rows, features.toDoubles(), scale, scatter, targets.toDoubles(), cross, targetScatter);
    }

    /**
     * Returns the moments of features that are divided by their standard deviation. Weights computed from them are
     * still those of the features as they are: they contain the division. This makes a closed form independent of the
     * units of features; without it, features that vary more are taken to be more important.
     */
    public CentredMoments standardised() {
        double mean = trace() / width();
        if (!(mean > 0)) {
            return this;
        }
        double[] factors = new double[width()];
        double[] scales = new double[width()];
        for (int i = 0; i < factors.length; i++) {
            double variance = scatter[i * width() + i] / mean;
            factors[i] = 1 / Math.sqrt(Math.max(0, variance) + LEAST_VARIANCE);
            scales[i] = scale[i] * factors[i];
        }
        double[] scaled = new double[scatter.length];
        for (int i = 0; i < factors.length; i++) {
            for (int j = i; j < factors.length; j++) {
                scaled[i * width() + j] = scatter[i * width() + j] * factors[i] * factors[j];
            }
        }
        double[] scaledCross = cross.clone();
        for (int i = 0; i < cross.length; i++) {
            scaledCross[i] *= factors[i % width()];
        }
        return new CentredMoments(rows, mean(), scales, scaled, targetMean, scaledCross, targetScatter);
    }

    /**
     * Returns the {@linkplain #standardised standardised} moments where features are of different units, and these where
     * they are not, as those of one layer of a model: there, how much a feature varies says how important it is.
     *
     * <p>Units differ if the mean variance of a feature is more than 10 times the geometric mean. It is between 1 and 3
     * for the features of all models that were measured.
     */
    public CentredMoments comparable() {
        return haveUnits() ? standardised() : this;
    }

    /** Returns whether features are of different units. */
    boolean haveUnits() {
        double mean = trace() / width();
        double sum = 0;
        double logarithms = 0;
        int varying = 0;
        for (int i = 0; i < width(); i++) {
            double variance = scatter[i * width() + i];
            if (variance > HARDLY * mean) {
                sum += variance;
                logarithms += StrictMath.log(variance);
                varying++;
            }
        }
        return varying > 0 && StrictMath.log(sum / varying) - logarithms / varying > StrictMath.log(OTHER_UNITS);
    }

    /** Returns the number of features. */
    public int width() {
        return mean.length;
    }

    /** Returns the number of outputs. */
    public int outputs() {
        return targetMean.length;
    }

    /** The sum of the squared distances of all rows from their mean. */
    double trace() {
        return LinearAlgebra.trace(scatter, width());
    }

    /**
     * The mean of some values.
     *
     * @param means the multiple of {@link FixedPoint#UNIT} near the mean
     * @param remainders the sum of what the values exceed it by, in the same unit
     */
    private record Centre(long rows, long[] means, long[] remainders) {
        static Centre of(Sums sums, int size, long rows) {
            long[] means = new long[size];
            long[] remainders = new long[size];
            for (int i = 0; i < size && rows > 0; i++) {
                means[i] = sums.mean(i, rows);
                remainders[i] = sums.remainder(i, rows, means[i]);
            }
            return new Centre(rows, means, remainders);
        }

        /** Replaces the exact sums of a row, from the value {@code first} on, by what they are as numbers. */
        void toScatter(long remainder, double[] exact, int row, int first) {
            for (int i = first; i < means.length; i++) {
                exact[row + i] = toScatter(exact[row + i], remainder, i);
            }
        }

        double toScatter(double exact, long remainder, int i) {
            double rest = rows == 0 ? 0 : (double) remainder * remainders[i] / rows;
            return (exact - rest) * FixedPoint.SQUARE_UNIT;
        }

        double[] toDoubles() {
            double[] doubles = new double[means.length];
            for (int i = 0; i < doubles.length && rows > 0; i++) {
                doubles[i] = (means[i] + (double) remainders[i] / rows) * FixedPoint.UNIT;
            }
            return doubles;
        }
    }
}
