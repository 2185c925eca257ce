package io.headwater.adapt.judge;

/**
 * One of the bettors of a {@link SequentialTest}: it stakes the same fraction of its wealth on every sample. It also
 * remembers since which sample it has won most, for reasons that people read. Not thread-safe.
 */
final class Bet {
    /** Number of values of the state. */
    static final int STATE = 5;

    private final double fraction;
    private final double logShare;

    private double logWealth = Double.NEGATIVE_INFINITY;
    private double logGain;
    private long samples;
    private double championSum;
    private double challengerSum;

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
        double logFactor = StrictMath.log1p(fraction * payoff);
        logWealth += logFactor;
        logGain += logFactor;
    }

    /** Counts a sample in the run of samples with the largest gain, and begins a new run when nothing was gained. */
    void count(double champion, double challenger) {
        samples++;
        championSum += champion;
        challengerSum += challenger;
        if (logGain <= 0) {
            logGain = 0;
            samples = 0;
            championSum = 0;
            challengerSum = 0;
        }
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

    /** Returns the mean scores in the run of newest samples with the largest gain. */
    ScorePair means() {
        return samples == 0
                ? ScorePair.NONE
                : new ScorePair(Math.toIntExact(samples), championSum / samples, challengerSum / samples);
    }

    void write(double[] state, int at) {
        state[at] = logWealth;
        state[at + 1] = logGain;
        state[at + 2] = samples;
        state[at + 3] = championSum;
        state[at + 4] = challengerSum;
    }

    void read(double[] state, int at) {
        logWealth = state[at];
        logGain = state[at + 1];
        samples = (long) state[at + 2];
        championSum = state[at + 3];
        challengerSum = state[at + 4];
    }
}
