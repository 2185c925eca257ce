package io.headwater.adapt.judge;

/**
 * One of the bettors of a {@link SequentialTest}: it stakes the same fraction of its wealth on every sample. Not
 * thread-safe.
 */
final class Bet {
    private final double fraction;
    private final double logShare;

    private double logWealth = Double.NEGATIVE_INFINITY;

    /**
     * @param fraction the fraction of the wealth at stake, above 0 and below 1
     * @param share the share of all capital that this bettor gets
     */
    Bet(double fraction, double share) {
        this.fraction = fraction;
        this.logShare = StrictMath.log(share);
    }

    /** Adds this bettor's share of capital that has not been at stake so far, given by its logarithm. */
    void receive(double logCapital) {
        logWealth = logSum(logWealth, logShare + logCapital);
    }

    /** Wins or loses on a payoff from -1 to 1. */
    void settle(double payoff) {
        logWealth += StrictMath.log1p(fraction * payoff);
    }

    /** Returns ln(exp(a) + exp(b)) without overflow. */
    static double logSum(double a, double b) {
        double larger = Math.max(a, b);
        return larger == Double.NEGATIVE_INFINITY
                ? larger
                : larger + StrictMath.log1p(StrictMath.exp(Math.min(a, b) - larger));
    }

    double logWealth() {
        return logWealth;
    }

    /** Continues with a wealth, given by its logarithm. */
    void restore(double wealth) {
        logWealth = wealth;
    }
}
