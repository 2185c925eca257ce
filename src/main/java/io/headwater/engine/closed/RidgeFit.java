package io.headwater.engine.closed;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Ridge regression of each output on the features, with one strength of regularisation for all outputs, by evidence
 * (MacKay 1992, "Bayesian Interpolation"): weights and errors are Gaussian, and the strength is its geometric mean under
 * the posterior. This needs no test set, depends on no order and does not fail where there are fewer rows than
 * features, as generalised cross-validation does. The variance of the errors is integrated out.
 *
 * @param strength what is added to the scatter of each feature, positive
 * @param directions the weights of each output, [outputs, width]
 * @param residuals for each output the sum of squared errors plus the penalty of its weights, from 0 to the scatter of
 *     its targets
 */
record RidgeFit(double strength, double[] directions, double[] residuals) {
    /** The strengths that are compared are this number of steps for each factor of 10, relative to the mean scatter. */
    private static final int STEPS = 4;

    private static final int LOWEST = -4 * STEPS;
    private static final int HIGHEST = 3 * STEPS;
    /** The least residual relative to the scatter of the targets, so that a perfect fit has a finite evidence. */
    private static final double LEAST_RESIDUAL = 1e-9;

    /**
     * Fits all outputs.
     *
     * @param favourStrong whether all strengths are equally likely before the targets are seen, which favours large
     *     ones and suits the estimate of a covariance from few samples, rather than all their logarithms
     */
    static RidgeFit of(CentredMoments moments, boolean favourStrong) {
        int width = moments.width();
        double mean = moments.trace() / width;
        if (!(mean > 0)) {
            double[] directions = new double[moments.cross().length];
            return new RidgeFit(1, directions, moments.targetScatter().clone());
        }
        double[] vectors = moments.scatter().clone();
        double[] values = LinearAlgebra.eigenvectors(vectors, width);
        for (int i = 0; i < width; i++) {
            values[i] = Math.max(0, values[i]); // rounding errors
        }
        double[] projected = LinearAlgebra.product(moments.cross(), moments.outputs(), vectors, width, true);
        double strength = strength(
                mean,
                candidate -> evidence(moments, values, projected, candidate)
                        + (favourStrong ? StrictMath.log(candidate) : 0));
        return at(moments, vectors, values, projected, strength);
    }

    /**
     * Fits all outputs with a strength that is given.
     *
     * @param penalty the strength relative to the mean scatter of a feature, positive
     */
    static RidgeFit ofPenalty(CentredMoments moments, double penalty) {
        int width = moments.width();
        double mean = moments.trace() / width;
        double strength = mean > 0 ? penalty * mean : 1;
        double[] factor = moments.scatter().clone();
        for (int i = 0; i < width; i++) {
            factor[i * width + i] += strength;
        }
        double[] directions = moments.cross().clone();
        if (LinearAlgebra.factorise(factor, width)) {
            LinearAlgebra.solve(factor, width, directions, moments.outputs());
        } else {
            Arrays.fill(directions, 0); // rounding errors dominate, as where rows hardly differ
        }
        double[] residuals = new double[moments.outputs()];
        for (int output = 0; output < residuals.length; output++) {
            double explained = 0;
            for (int i = output * width; i < (output + 1) * width; i++) {
                explained += directions[i] * moments.cross()[i];
            }
            double scatter = moments.targetScatter()[output];
            residuals[output] = scatter > 0 ? Math.max(LEAST_RESIDUAL * scatter, scatter - explained) : 0;
        }
        return new RidgeFit(strength, directions, residuals);
    }

    private static double strength(double mean, DoubleUnaryOperator logDensity) {
        double[] logarithms = new double[HIGHEST - LOWEST + 1];
        double[] posterior = new double[logarithms.length];
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < posterior.length; i++) {
            logarithms[i] = StrictMath.log(mean) + StrictMath.log(10) * (LOWEST + i) / STEPS;
            posterior[i] = logDensity.applyAsDouble(StrictMath.exp(logarithms[i]));
            largest = Math.max(largest, posterior[i]);
        }
        double weight = 0;
        double sum = 0;
        for (int i = 0; i < posterior.length; i++) {
            double probability = StrictMath.exp(posterior[i] - largest);
            weight += probability;
            sum += probability * logarithms[i];
        }
        return StrictMath.exp(sum / weight);
    }

    /**
     * The part of the scatter of an output's targets that the features do not explain, positive. It counts one row as
     * unexplained, so that logits do not become infinite where a fit is perfect.
     */
    double unexplained(CentredMoments moments, int output) {
        return part(residuals[output], moments.targetScatter()[output], moments.rows());
    }

    /** The same for all outputs together. */
    double unexplained(CentredMoments moments) {
        double residual = 0;
        double scatter = 0;
        for (int output = 0; output < residuals.length; output++) {
            residual += residuals[output];
            scatter += moments.targetScatter()[output];
        }
        return part(residual, scatter, moments.rows());
    }

    private static double part(double residual, double scatter, long rows) {
        return scatter > 0 ? Math.min(1, residual / scatter + 1.0 / rows) : 1;
    }

    /** The mean variance of a feature relative to that which includes the strength. */
    double keptVariance(CentredMoments moments) {
        double mean = moments.trace() / moments.width();
        return mean > 0 ? mean / (mean + strength) : 1;
    }

    /** The logarithm of the probability density of the targets, but for a constant. */
    private static double evidence(CentredMoments moments, double[] values, double[] projected, double strength) {
        double determinant = 0;
        for (double value : values) {
            determinant += StrictMath.log1p(value / strength);
        }
        int varying = 0;
        double logarithms = 0;
        for (int output = 0; output < moments.outputs(); output++) {
            double scatter = moments.targetScatter()[output];
            if (scatter > 0) { // a constant target says nothing about the strength
                double residual = residual(scatter, output, values, projected, strength);
                varying++;
                logarithms += StrictMath.log(residual);
            }
        }
        if (varying == 0) {
            return 0;
        }
        return -((moments.rows() - 1) * logarithms + varying * determinant) / 2;
    }

    private static double residual(double scatter, int output, double[] values, double[] projected, double strength) {
        double explained = 0;
        for (int i = 0; i < values.length; i++) {
            double along = projected[output * values.length + i];
            explained += along * along / (values[i] + strength);
        }
        return Math.max(LEAST_RESIDUAL * scatter, scatter - explained);
    }

    private static RidgeFit at(
            CentredMoments moments, double[] vectors, double[] values, double[] projected, double strength) {
        double[] residuals = new double[moments.outputs()];
        double[] scaled = new double[projected.length];
        for (int output = 0; output < residuals.length; output++) {
            double scatter = moments.targetScatter()[output];
            residuals[output] = scatter > 0 ? residual(scatter, output, values, projected, strength) : 0;
            for (int i = 0; i < values.length; i++) {
                scaled[output * values.length + i] = projected[output * values.length + i] / (values[i] + strength);
            }
        }
        double[] directions = LinearAlgebra.product(scaled, moments.outputs(), vectors, values.length, false);
        return new RidgeFit(strength, directions, residuals);
    }
}
