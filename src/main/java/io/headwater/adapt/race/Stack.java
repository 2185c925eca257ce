package io.headwater.adapt.race;

import io.headwater.adapt.calibrate.Temperature;
import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.engine.closed.LinearWeights;
import io.headwater.engine.closed.Moments;
import io.headwater.task.goal.QuadraticScore;
import java.util.Arrays;
import java.util.List;

/**
 * The weighted mean of what several rules compute, which is linear in the features as they are (stacking: Wolpert,
 * Stacked Generalization, 1992). Each rule has a temperature, and a share that falls exponentially with the number of
 * standard errors by which it is worse than the best rule; the mean has a temperature of its own. All of these follow from
 * {@linkplain HeldOutLogits held-out logits}, so that they need no samples in a certain order and fit after the first few
 * samples. A mean varies less from one version to the next than the best rule does, and is more accurate on average.
 *
 * <p>Not thread-safe.
 */
final class Stack {
    /** The rules, none of which is best everywhere. */
    private static final List<Rule> RULES =
            List.of(Rule.SCALED_DISCRIMINANT, Rule.RIDGE_CLASSIFIER, Rule.LOGISTIC, Rule.LOOSE_LOGISTIC);

    /** Shares are chosen again when the window has so many times the rows it had. */
    private static final double GROWTH = 1.5;

    /** What the logits of each rule are multiplied by. */
    private double[] factors;

    private long rows;

    private Stack(double[] factors, long rows) {
        this.factors = factors;
        this.rows = rows;
    }

    /** Creates a stack in which all rules have the same share. */
    static Stack even() {
        double[] factors = new double[RULES.size()];
        Arrays.fill(factors, 1.0 / factors.length);
        return new Stack(factors, 0);
    }

    static Stack read(SectionReader section) {
        return new Stack(section.doubles("factors", RULES.size()), section.value("rows", Long::valueOf));
    }

    void write(SectionWriter section) {
        section.doubles("factors", factors);
        section.value("rows", rows);
    }

    /** Returns the weights of the mean. */
    LinearWeights solve(Moments sums, SampleTargets memory, int outputs) {
        return LinearWeights.sum(Rule.solve(RULES, sums, memory, outputs), factors);
    }

    /** Returns about how many multiply-adds a solution takes. */
    static long operations(long width, long rows, long outputs) {
        return RULES.stream()
                .mapToLong(rule -> rule.operations(width, rows, outputs))
                .sum();
    }

    /** Returns whether a window has grown so much that shares and temperatures should be chosen again. */
    boolean isDue(Window window) {
        return window.moments().rows() >= GROWTH * rows;
    }

    /**
     * Chooses the shares and temperatures again, which takes as much as four solutions.
     *
     * @param memory the samples of the window that are in memory
     */
    void choose(Window window, List<StoredSample> memory, int outputs) {
        rows = window.moments().rows();
        HeldOutLogits heldOut = HeldOutLogits.of(RULES, window, memory, outputs);
        factors = heldOut.rows() == 0 ? even().factors : factors(heldOut);
    }

    private static double[] factors(HeldOutLogits heldOut) {
        double[] factors = new double[RULES.size()];
        double[][] qualities = new double[factors.length][];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = 1 / temperature(heldOut.logits()[i], heldOut);
            qualities[i] = qualities(heldOut.logits()[i], factors[i], heldOut);
        }
        double[] shares = shares(qualities);
        for (int i = 0; i < factors.length; i++) {
            factors[i] *= shares[i];
        }
        double temperature = temperature(mean(heldOut, factors), heldOut);
        return Arrays.stream(factors).map(factor -> factor / temperature).toArray();
    }

    private static double temperature(float[][] logits, HeldOutLogits heldOut) {
        return Temperature.of(logits, heldOut.classes(), heldOut.weights()).temperature();
    }

    /** Returns the quality of each row's prediction times the weight of the row. */
    private static double[] qualities(float[][] logits, double factor, HeldOutLogits heldOut) {
        double[] qualities = new double[heldOut.rows()];
        for (int row = 0; row < qualities.length; row++) {
            float[] calibrated = logits[row].clone();
            for (int i = 0; i < calibrated.length; i++) {
                calibrated[i] *= (float) factor;
            }
            qualities[row] = heldOut.weights()[row]
                    * QuadraticScore.ofClass(calibrated, 0, calibrated.length, heldOut.classes()[row]);
        }
        return qualities;
    }

    private static double[] shares(double[][] qualities) {
        double[] sums = Arrays.stream(qualities)
                .mapToDouble(one -> Arrays.stream(one).sum())
                .toArray();
        int best = 0;
        for (int i = 1; i < sums.length; i++) {
            best = sums[i] > sums[best] ? i : best;
        }
        double[] shares = new double[sums.length];
        for (int i = 0; i < sums.length; i++) {
            double squares = 0;
            for (int row = 0; row < qualities[i].length; row++) {
                double difference = qualities[best][row] - qualities[i][row];
                squares += difference * difference;
            }
            shares[i] = squares > 0 ? StrictMath.exp((sums[i] - sums[best]) / Math.sqrt(squares)) : 1;
        }
        double sum = Arrays.stream(shares).sum();
        return Arrays.stream(shares).map(share -> share / sum).toArray();
    }

    private static float[][] mean(HeldOutLogits heldOut, double[] factors) {
        float[][] mean = new float[heldOut.rows()][];
        for (int row = 0; row < mean.length; row++) {
            double[] sums = new double[heldOut.logits()[0][row].length];
            for (int i = 0; i < factors.length; i++) {
                for (int output = 0; output < sums.length; output++) {
                    sums[output] += factors[i] * heldOut.logits()[i][row][output];
                }
            }
            mean[row] = new float[sums.length];
            for (int output = 0; output < sums.length; output++) {
                mean[row][output] = (float) sums[output];
            }
        }
        return mean;
    }
}
