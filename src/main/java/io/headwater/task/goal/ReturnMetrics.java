package io.headwater.task.goal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * How well a policy played.
 *
 * @param episodes ended, positive
 * @param meanReturn of an episode: the sum of its rewards, not discounted (Mnih et al. 2015, "Human-level control through
 *     deep reinforcement learning")
 */
public record ReturnMetrics(long episodes, double meanReturn) {

    /**
     * The metrics of episodes.
     *
     * @param returns one an episode, finite
     * @throws IllegalArgumentException when there are none, or one is not finite
     */
    public static ReturnMetrics of(Collection<Double> returns) {
        ScoredSamples.some(returns);
        double sum = returns.stream().mapToDouble(ScoredSamples::finite).sum();
        return new ReturnMetrics(returns.size(), sum / returns.size());
    }

    /**
     * The metrics of each window of episodes, one after another.
     *
     * @param returns one an episode in the order of play, finite
     * @param window episodes in each, positive; the last may have fewer
     */
    public static List<ReturnMetrics> windows(List<Double> returns, int window) {
        if (window < 1) {
            throw new IllegalArgumentException(
                    "a window must hold at least 1 episode, but holds " + window + "; 100 is common");
        }
        List<ReturnMetrics> windows = new ArrayList<>();
        for (int from = 0; from < returns.size(); from += window) {
            windows.add(of(returns.subList(from, (int) Math.min(returns.size(), (long) from + window))));
        }
        return List.copyOf(windows);
    }
}
