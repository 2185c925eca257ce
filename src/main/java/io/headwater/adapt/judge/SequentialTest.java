package io.headwater.adapt.judge;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An e-process against the null hypothesis that a challenger is nowhere better than the champion by more than the
 * smallest effect: given the past, the expected difference between their scores on the next sample never exceeds it.
 *
 * <p>The evidence is the logarithm of the wealth of bettors who start with a capital of 1 and bet on the challenger at
 * odds that are fair or worse under the null hypothesis. By Ville's inequality the probability that the wealth ever
 * reaches 1/alpha is then at most alpha, however often and whenever one looks. Scores must be prequential: both are
 * fixed before the sample's label is used for training. Apart from this, samples need not be independent; but a run of
 * similar samples on which the challenger is better, such as those of one class in a stream sorted by label, is evidence
 * for it.
 *
 * <p>Six bettors each stake a fixed fraction of their wealth on every difference, and each joins with parts of its
 * capital later: 60 % of all capital are at stake from the first sample on, and the rest is divided over all later
 * starts, ever more slowly. The sum over all starts needs one number for each bettor. The 60 % alone are an e-process
 * for the weaker hypothesis that the mean of the expected differences since the start does not exceed the smallest
 * effect (Choe and Ramdas, Comparing Sequential Forecasters, 2021). The later starts find a challenger that was worse
 * for long and is better since a change. Bets by online Newton step (Cutkosky and Orabona 2018) were slower in
 * simulations, above all where the gain begins after a long time in which the challenger was worse.
 *
 * <p>With a smallest effect of 0, samples with equal scores do not change the evidence. With a larger one each costs a
 * little, as it must: equal scores speak against a difference of this size. Not thread-safe.
 */
public final class SequentialTest {
    private static final double[] FRACTIONS = {0.03, 0.1, 0.2, 0.4, 0.7, 0.95};
    private static final double[] SHARES = {0.1, 0.2, 0.2, 0.15, 0.15, 0.2};

    /** The part of the capital that is at stake from the first sample on. */
    private static final double FIRST_STAKE = 0.6;

    /** The number of bets after which the capital at stake begins to grow slowly. */
    private static final double EARLY_BETS = 20;

    private static final String STATE = "state";
    private static final int OWN_STATE = 5;

    private final double smallestEffect;
    private final List<Bet> bettors;
    private long samples;
    private double championSum;
    private double challengerSum;
    private long bets;
    private double staked;

    /**
     * Starts a test.
     *
     * @param smallestEffect the difference of mean scores that is not yet worth a change, from 0 to below 1
     */
    public SequentialTest(double smallestEffect) {
        if (!(smallestEffect >= 0 && smallestEffect < 1)) {
            throw new IllegalArgumentException(
                    "the smallest effect must be at least 0 and below 1, but is " + smallestEffect);
        }
        this.smallestEffect = smallestEffect;
        this.bettors = IntStream.range(0, FRACTIONS.length)
                .mapToObj(i -> new Bet(FRACTIONS[i], SHARES[i]))
                .toList();
    }

    /**
     * Adds a sample.
     *
     * @param challenger the challenger's score, from 0 to 1
     * @param champion the champion's score on the same sample, from 0 to 1
     */
    public void add(double challenger, double champion) {
        requireScore(challenger);
        requireScore(champion);
        samples++;
        championSum += champion;
        challengerSum += challenger;
        double payoff = (challenger - champion - smallestEffect) / (1 + smallestEffect);
        if (payoff != 0) {
            double stake = stakedBefore(bets);
            double logCapital = StrictMath.log(stake - staked);
            bettors.forEach(bettor -> {
                bettor.receive(logCapital);
                bettor.settle(payoff);
            });
            staked = stake;
            bets++;
        }
    }

    /** Returns the part of the capital that is at stake in the bet after {@code bets} others. */
    private static double stakedBefore(long bets) {
        return 1 - (1 - FIRST_STAKE) / (1 + StrictMath.log1p(bets / EARLY_BETS));
    }

    private static void requireScore(double score) {
        if (!(score >= 0 && score <= 1)) {
            throw new IllegalArgumentException("a score must be from 0 to 1, but is " + score);
        }
    }

    /**
     * Returns the natural logarithm of the wealth: 0 at the start, above ln(1/alpha) with a probability of at most
     * alpha if the challenger is not better.
     */
    public double evidence() {
        double sum = StrictMath.log(1 - staked);
        for (Bet bettor : bettors) {
            sum = Bet.logSum(sum, bettor.logWealth());
        }
        return sum;
    }

    /** Returns by how much the challenger must be better, from 0 to below 1. */
    public double smallestEffect() {
        return smallestEffect;
    }

    /** Returns the number of samples. */
    public long samples() {
        return samples;
    }

    /** Returns the mean score of the challenger less that of the champion, from -1 to 1; 0 without samples. */
    public double meanDifference() {
        return samples == 0 ? 0 : (challengerSum - championSum) / samples;
    }

    /** Writes the state, without the smallest effect. */
    public void write(SectionWriter section) {
        double[] state = new double[OWN_STATE + bettors.size()];
        state[0] = samples;
        state[1] = championSum;
        state[2] = challengerSum;
        state[3] = bets;
        state[4] = staked;
        for (int i = 0; i < bettors.size(); i++) {
            state[OWN_STATE + i] = bettors.get(i).logWealth();
        }
        section.doubles(STATE, state);
    }

    /** Returns a test that continues from the state in {@code section}. */
    public static SequentialTest read(double smallestEffect, SectionReader section) {
        SequentialTest test = new SequentialTest(smallestEffect);
        double[] state = section.doubles(STATE, OWN_STATE + FRACTIONS.length);
        test.samples = (long) state[0];
        test.championSum = state[1];
        test.challengerSum = state[2];
        test.bets = (long) state[3];
        test.staked = state[4];
        for (int i = 0; i < FRACTIONS.length; i++) {
            test.bettors.get(i).restore(state[OWN_STATE + i]);
        }
        return test;
    }
}
