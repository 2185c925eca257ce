package io.headwater.adapt.conformal;

/**
 * Says when no answer is better than a doubtful one (Chow, On Optimum Recognition Error and Reject Tradeoff, 1970).
 *
 * @param cost what it costs not to answer. For classes: in units of the cost of a wrong answer, from 0 to 1. For
 *     numbers: in units of the number, the error that would cost as much
 */
public record AbstainRule(double cost) {

    public AbstainRule {
        if (!(cost >= 0)) {
            throw new IllegalArgumentException("the cost of abstaining must be at least 0, but is " + cost);
        }
    }

    /**
     * Returns whether to abstain: the most probable class is wrong with a probability above the cost.
     *
     * @param probabilities calibrated probabilities of all classes
     */
    public boolean abstains(float[] probabilities) {
        float largest = 0;
        for (float probability : probabilities) {
            largest = Math.max(largest, probability);
        }
        return 1 - largest > cost;
    }

    /** Returns whether to abstain: errors may be larger than the cost, as half of the interval is. */
    public boolean abstains(PredictionInterval interval) {
        return (interval.high() - interval.low()) / 2 > cost;
    }
}
