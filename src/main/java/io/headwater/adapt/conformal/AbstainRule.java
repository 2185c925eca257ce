package io.headwater.adapt.conformal;

import io.headwater.domain.PredictionRegion;
import io.headwater.domain.PredictionRegion.Intervals;
import org.jspecify.annotations.Nullable;

/**
 * Says when no answer is better than a doubtful one (Chow, On Optimum Recognition Error and Reject Tradeoff, 1970).
 *
 * @param cost what it costs not to answer. For classes and tags: in units of the cost of a wrong answer, from 0 to 1. For
 *     numbers: in units of the number, the error that would cost as much
 */
public record AbstainRule(double cost) {

    public AbstainRule {
        if (!(cost >= 0)) {
            throw new IllegalArgumentException("the cost of abstaining must be at least 0, but is " + cost);
        }
    }

    /**
     * Returns whether to abstain. For classes and tags, this is when the answer is wrong with a probability above the
     * cost; for numbers, when the errors that the widest interval allows are larger than the cost.
     *
     * @param risk calibrated probability that the answer is wrong; NaN when there is none
     * @param region the outcomes that may be true; null when there is none
     */
    public boolean abstains(double risk, @Nullable PredictionRegion region) {
        return risk > cost
                || region instanceof Intervals intervals
                        && intervals.values().stream().anyMatch(one -> (one.high() - one.low()) / 2 > cost);
    }
}
