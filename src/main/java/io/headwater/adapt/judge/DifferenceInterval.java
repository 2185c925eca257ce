package io.headwater.adapt.judge;

/**
 * A confidence interval for the mean difference between two scores of the same samples. It holds for any distribution of
 * differences, also for few samples, if the samples are drawn independently.
 *
 * <p>Two bettors bet against a candidate mean, one on larger and one on smaller differences; a candidate is in the
 * interval if neither would have become rich (Waudby-Smith and Ramdas, Estimating means of bounded random variables by
 * betting, 2024, section 4.4).
 *
 * @param lower lower end, at least -1
 * @param upper upper end, at most 1
 */
public record DifferenceInterval(double lower, double upper) {
    private static final int BISECTIONS = 40;

    /** The largest part of its wealth that a bettor stakes. */
    private static final double MAXIMUM_STAKE = 0.75;

    /**
     * Returns the interval.
     *
     * @param differences differences of scores, from -1 to 1, in the order of the samples
     * @param level probability with which the interval contains the mean, above 0 and below 1
     */
    public static DifferenceInterval of(double[] differences, double level) {
        double[] bets = bets(differences, 1 - level);
        double threshold = StrictMath.log(2 / (1 - level));
        double low = end(differences, bets, threshold, 1);
        double high = 1 - end(differences, bets, threshold, -1);
        return new DifferenceInterval(2 * low - 1, 2 * high - 1);
    }

    /** Returns the bet on each difference, which depends only on the differences before it. */
    private static double[] bets(double[] differences, double error) {
        double[] bets = new double[differences.length];
        double sum = 0.5;
        double squares = 0.25;
        for (int i = 0; i < bets.length; i++) {
            bets[i] = Math.sqrt(2 * StrictMath.log(2 / error) / (bets.length * (squares / (i + 1))));
            double value = (differences[i] + 1) / 2;
            sum += value;
            double mean = sum / (i + 2);
            squares += (value - mean) * (value - mean);
        }
        return bets;
    }

    /**
     * Returns the lower end for values scaled to 0 to 1; with a {@code sign} of -1, for values that are mirrored. The
     * wealth falls as the candidate rises.
     */
    private static double end(double[] differences, double[] bets, double threshold, int sign) {
        double low = 0;
        double high = 1;
        for (int i = 0; i < BISECTIONS; i++) {
            double candidate = (low + high) / 2;
            if (logWealth(differences, bets, candidate, sign) >= threshold) {
                low = candidate;
            } else {
                high = candidate;
            }
        }
        return low;
    }

    private static double logWealth(double[] differences, double[] bets, double candidate, int sign) {
        double logWealth = 0;
        for (int i = 0; i < bets.length; i++) {
            double value = (sign * differences[i] + 1) / 2;
            double bet = Math.min(bets[i], MAXIMUM_STAKE / candidate);
            logWealth += StrictMath.log1p(bet * (value - candidate));
        }
        return logWealth;
    }
}
