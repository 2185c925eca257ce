package io.headwater.adapt.calibrate;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The temperatures that are compared, from high to low: five in an octave from 20 down to 0.052. Log losses at all of
 * them are computed together: exp(x / T) of an octave is the square of that of the octave above.
 */
final class TemperatureGrid {
    /** Number of temperatures. */
    static final int SIZE = 44;

    private static final int IN_OCTAVE = 5;
    private static final double HIGHEST = 20;

    /** So many factors of at most 2 cannot overflow. */
    private static final int FACTORS = 512;

    /** The natural logarithm of the quotient of two neighbouring temperatures. */
    static final double LOG_STEP = StrictMath.log(2) / IN_OCTAVE;

    private static final double[] TEMPERATURES =
            IntStream.range(0, SIZE).mapToDouble(TemperatureGrid::temperature).toArray();

    private TemperatureGrid() {}

    /** Returns the temperature at a position, which may be between two temperatures of the grid. */
    static double temperature(double position) {
        return HIGHEST * StrictMath.pow(2, -position / IN_OCTAVE);
    }

    /** Returns the position of a temperature. */
    static double position(double temperature) {
        return IN_OCTAVE * StrictMath.log(HIGHEST / temperature) / StrictMath.log(2);
    }

    /**
     * Returns the log loss of one of several classes at each temperature.
     *
     * @param logits one for each class
     * @param target index of the true class
     */
    static double[] softmaxLosses(float[] logits, int target) {
        float largest = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double[] sums = new double[SIZE];
        for (float logit : logits) {
            double[] powers = powers((double) logit - largest);
            for (int i = 0; i < SIZE; i++) {
                sums[i] += powers[i];
            }
        }
        for (int i = 0; i < SIZE; i++) {
            sums[i] = StrictMath.log(sums[i]) - ((double) logits[target] - largest) / TEMPERATURES[i];
        }
        return sums;
    }

    /**
     * Returns the sum of the log losses of independent yes-or-no outputs at each temperature.
     *
     * @param logits one for each output
     * @param targets 1 for yes and 0 for no, for each output
     */
    static double[] sigmoidLosses(float[] logits, float[] targets) {
        double[] losses = new double[SIZE];
        double[] factors = ones();
        double wrong = 0;
        for (int output = 0; output < logits.length; output++) {
            double logit = logits[output];
            double[] powers = powers(-Math.abs(logit));
            for (int i = 0; i < SIZE; i++) {
                factors[i] *= 1 + powers[i];
            }
            wrong += logit > 0 ? logit * (1 - targets[output]) : -logit * targets[output];
            if (output % FACTORS == FACTORS - 1 || output == logits.length - 1) {
                for (int i = 0; i < SIZE; i++) {
                    losses[i] += StrictMath.log(factors[i]);
                }
                factors = ones();
            }
        }
        for (int i = 0; i < SIZE; i++) {
            losses[i] += wrong / TEMPERATURES[i];
        }
        return losses;
    }

    /** Returns exp(x / T) for each temperature T; x is not positive. */
    private static double[] powers(double x) {
        double[] powers = new double[SIZE];
        for (int i = 0; i < SIZE; i++) {
            powers[i] =
                    i < IN_OCTAVE ? StrictMath.exp(x / TEMPERATURES[i]) : powers[i - IN_OCTAVE] * powers[i - IN_OCTAVE];
        }
        return powers;
    }

    private static double[] ones() {
        double[] ones = new double[SIZE];
        Arrays.fill(ones, 1);
        return ones;
    }
}
