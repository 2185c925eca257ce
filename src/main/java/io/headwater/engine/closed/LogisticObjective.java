package io.headwater.engine.closed;

import io.headwater.engine.Softmax;
import org.bytedeco.javacpp.DoublePointer;
import org.jspecify.annotations.Nullable;

/**
 * The objective that {@link Logistic} maximises, a concave function of weights of [width, outputs]:
 *
 * <pre>{@code
 * log-likelihood of the rows - penalty/2 |w|^2 - 1/2 (w - anchor)' curvature (w - anchor)
 * }</pre>
 *
 * <p>The last row of the weights is the bias, which has no penalty. The objective owns native memory, which
 * {@link #close} frees.
 */
final class LogisticObjective implements AutoCloseable {
    /** The largest eigenvalue that the covariance of the indicators of classes can have. */
    private static final double INDICATOR_BOUND = 0.5;
    /** Keeps the bound of the bias positive even without rows. */
    private static final double BIAS_BOUND = 1e-3;

    private final LogisticRows rows;
    private final double penalty;
    private final @Nullable LogisticSummary summary;
    private final DoublePointer features;
    private final DoublePointer curvature;
    private final DoublePointer bound;
    private final DoublePointer weights;
    private final DoublePointer gradient;
    private final DoublePointer residuals;

    /**
     * Creates an objective.
     *
     * @param features the features of {@code rows} in native memory, which the objective does not free
     * @param squares {@link LogisticRows#squares} of {@code rows}
     * @param penalty positive
     * @param summary what is known of rows other than {@code rows}, or {@code null} if there are none
     */
    LogisticObjective(
            LogisticRows rows,
            DoublePointer features,
            double[] squares,
            double penalty,
            @Nullable LogisticSummary summary) {
        this.rows = rows;
        this.features = features;
        this.penalty = penalty;
        this.summary = summary;
        int width = rows.width();
        double[] curvatures = summary == null ? new double[squares.length] : summary.curvature(squares, width);
        curvature = new DoublePointer(curvatures);
        bound = new DoublePointer(bound(squares, curvatures, width, penalty));
        LinearAlgebra.factorise(bound, width);
        weights = new DoublePointer(rows.weights());
        gradient = new DoublePointer(rows.weights());
        residuals = new DoublePointer((long) rows.count() * rows.outputs());
    }

    /** Returns a matrix that exceeds the curvature of the objective at all weights. */
    private static double[] bound(double[] squares, double[] curvatures, int width, double penalty) {
        double[] bound = new double[squares.length];
        for (int i = 0; i < bound.length; i++) {
            bound[i] = INDICATOR_BOUND * squares[i] + curvatures[i];
        }
        for (int i = 0; i < width; i++) {
            bound[i * width + i] += i < width - 1 ? penalty : BIAS_BOUND;
        }
        return bound;
    }

    /**
     * Returns the step from {@code at} to where a quadratic function has its maximum that touches the objective there
     * and is nowhere above it.
     */
    double[] step(double[] at) {
        double[] step = new double[at.length];
        for (int i = 0; i < at.length - rows.outputs(); i++) {
            step[i] = -penalty * at[i];
        }
        gradient.put(step);
        addLikelihood(at);
        addSummary(at);
        LinearAlgebra.solveColumns(bound, rows.width(), gradient, rows.outputs());
        gradient.get(step);
        return step;
    }

    private void addLikelihood(double[] at) {
        weights.put(at);
        LinearAlgebra.multiply(features, rows.count(), rows.width(), weights, rows.outputs(), residuals);
        double[] logits = new double[rows.count() * rows.outputs()];
        residuals.get(logits);
        for (int row = 0; row < rows.count(); row++) {
            double[] probabilities =
                    Softmax.ofRow(logits, row * rows.outputs(), rows.outputs()).probabilities();
            for (int output = 0; output < rows.outputs(); output++) {
                logits[row * rows.outputs() + output] = (output == rows.classes()[row] ? 1 : 0) - probabilities[output];
            }
        }
        residuals.put(logits);
        LinearAlgebra.addTransposedProduct(features, rows.count(), rows.width(), residuals, rows.outputs(), gradient);
    }

    private void addSummary(double[] at) {
        if (summary == null) {
            return;
        }
        double[] departure = new double[at.length];
        for (int i = 0; i < at.length; i++) {
            departure[i] = summary.anchor()[i] - at[i];
        }
        weights.put(departure);
        LinearAlgebra.addSymmetricProduct(curvature, rows.width(), weights, rows.outputs(), gradient);
    }

    @Override
    public void close() {
        residuals.close();
        gradient.close();
        weights.close();
        bound.close();
        curvature.close();
    }
}
