package io.headwater.engine.closed;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.jspecify.annotations.Nullable;

/**
 * Multinomial logistic regression on the rows at hand, and on a quadratic summary of the rows that are not.
 *
 * <p>Features are centred by their means over all rows, and divided by one number, the root of their mean variance, or
 * each by its own deviation if they are of different units. On these, the regression maximises the log-likelihood of the rows at hand minus {@code width / (2 * strength)} times the
 * sum of squares of the weights; the bias is not penalised. Rows that are no longer at hand are represented by their
 * second moments: with each departure of the weights from an anchor, such as the weights of a closed form, the objective
 * decreases as the log-likelihood of these rows would if the anchor were their best fit and two classes equally likely.
 *
 * <p>The curvature of a log-likelihood has a bound that does not depend on the weights (Böhning 1992, "Multinomial
 * logistic regression algorithm"), so that one factorisation serves all steps and no step needs a line search. The
 * steps are accelerated (Nesterov 1983), and the acceleration starts anew when it leads away from the maximum
 * (O'Donoghue and Candès 2015, "Adaptive restart for accelerated gradient schemes"). The number of steps is constant.
 *
 * <p>The result is a function of the arguments alone. Another order of the rows changes it by rounding errors only.
 */
public final class Logistic {
    private static final int STEPS = 20;
    private static final double LARGEST_STRENGTH = 1e6;

    private Logistic() {}

    /**
     * Fits weights for unscaled features.
     *
     * @param rows the features of the rows at hand, finite, [rows, width]; may be none
     * @param classes the class of each row, from 0
     * @param outputs the number of classes of the result, at least that of the moments; a class without any row gets
     *     weights of 0 and a bias far below the largest logit of the others
     * @param all the moments of all rows and their classes, those at hand included
     * @param anchor weights of the same size that fit all rows, and from which the regression starts; without them, it
     *     starts from the log priors, and only the means and the variance of {@code all} count
     * @param strength how little weights are penalised, from 1e-6 to 1e6
     * @return weights that are finite
     * @throws IllegalArgumentException when an argument is not as described
     */
    public static LinearWeights fit(
            float[][] rows, int[] classes, int outputs, Moments all, @Nullable LinearWeights anchor, double strength) {
        return fits(rows, classes, outputs, all, anchor, List.of(strength)).get(0);
    }

    /**
     * Fits weights once for each of several strengths, with the same results as {@link #fit} but with less work.
     *
     * @param strengths how little weights are penalised, each from 1e-6 to 1e6
     * @return weights for each strength, in the same order
     * @throws IllegalArgumentException when an argument is not as described at {@link #fit}
     */
    public static List<LinearWeights> fits(
            float[][] rows,
            int[] classes,
            int outputs,
            Moments all,
            @Nullable LinearWeights anchor,
            List<Double> strengths) {
        strengths.forEach(strength -> requireFitting(rows, classes, outputs, all, anchor, strength));
        CentredMoments moments = all.centred(outputs);
        FeatureScaling scaling = FeatureScaling.of(moments);
        SeenClasses seen = SeenClasses.of(moments);
        LogisticRows atHand = new LogisticRows(
                scaling.rows(FeatureRows.of(rows, all.width())), all.width() + 1, seen.places(classes), seen.count());
        double[] start = anchor == null ? seen.priorWeights(all.width()) : seen.scaled(anchor, scaling);
        LogisticSummary summary = anchor == null || all.rows() == rows.length
                ? null
                : new LogisticSummary(start, scaling.squares(moments));
        List<LinearWeights> fits = new ArrayList<>();
        try (DoublePointer features = new DoublePointer(atHand.features())) {
            double[] squares = atHand.squares(features);
            for (double strength : strengths) {
                double penalty = all.width() / strength;
                try (LogisticObjective objective = new LogisticObjective(atHand, features, squares, penalty, summary)) {
                    fits.add(seen.unscaled(maximise(objective, start), scaling, moments));
                }
            }
        }
        return fits;
    }

    /** Returns about how many multiply-adds a fit takes, without the sums of {@code Moments}. */
    public static long operations(long width, long rows, long outputs) {
        return rows * width * width / 2
                + width * width * width / 6
                + STEPS * (2 * rows * width * outputs + width * width * outputs);
    }

    private static double[] maximise(LogisticObjective objective, double[] start) {
        double[] weights = start;
        double[] ahead = start;
        double momentum = 1;
        for (int i = 0; i < STEPS; i++) {
            double[] step = objective.step(ahead);
            double[] next = new double[start.length];
            double progress = 0;
            for (int at = 0; at < next.length; at++) {
                next[at] = ahead[at] + step[at];
                progress += step[at] * (next[at] - weights[at]);
            }
            double nextMomentum = (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
            if (progress < 0) { // the step turns back
                nextMomentum = 1;
                ahead = next;
            } else {
                ahead = beyond(next, weights, (momentum - 1) / nextMomentum);
            }
            weights = next;
            momentum = nextMomentum;
        }
        return weights;
    }

    private static void requireFitting(
            float[][] rows, int[] classes, int outputs, Moments all, @Nullable LinearWeights anchor, double strength) {
        if (rows.length != classes.length) {
            throw new IllegalArgumentException(
                    rows.length + " rows need as many classes, but there are " + classes.length);
        }
        if (all.isEmpty() || all.rows() < rows.length) {
            throw new IllegalArgumentException("moments of at least 1 row and of all " + rows.length
                    + " rows at hand are needed, but are of " + all.rows());
        }
        if (anchor != null && (anchor.inputs() != all.width() || anchor.outputs() != outputs)) {
            throw new IllegalArgumentException("the anchor must have weights of [" + all.width() + ", " + outputs
                    + "], but has [" + anchor.inputs() + ", " + anchor.outputs() + "]");
        }
        if (!(strength >= 1 / LARGEST_STRENGTH && strength <= LARGEST_STRENGTH)) {
            throw new IllegalArgumentException("strength must be from " + 1 / LARGEST_STRENGTH + " to "
                    + LARGEST_STRENGTH + ", but is " + strength);
        }
    }

    private static double[] beyond(double[] to, double[] from, double share) {
        double[] beyond = new double[to.length];
        for (int i = 0; i < to.length; i++) {
            beyond[i] = to[i] + share * (to[i] - from[i]);
        }
        return beyond;
    }
}
