package io.headwater.standalone.data;

import io.headwater.domain.Label.Episode;
import io.headwater.domain.Label.Transition;
import io.headwater.domain.Payload;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts episodes into n-step transitions: each observation with the rewards of the next n steps, or of as many as the
 * episode still has, and the observation after them (Sutton 1988; Mnih et al. 2016). Such transitions can be learned
 * in any order. Not safe for use by several threads.
 */
public final class EpisodeCutter {
    private final int steps;
    private final ArrayDeque<Seen> open = new ArrayDeque<>();
    private double total;
    private int length;

    /** Creates a cutter for transitions of {@code steps} steps, at least 1. */
    public EpisodeCutter(int steps) {
        if (steps < 1) {
            throw new IllegalArgumentException("a transition must have at least 1 step, but shall have " + steps);
        }
        this.steps = steps;
    }

    /** An observation with its transition: the action taken, the rewards and the next observation. */
    public record Cut(Payload.Tensor observation, Transition transition) {}

    private record Seen(
            float[] observation,
            String action,
            double reward,
            @Nullable Long version) {}

    /**
     * Adds a step of an episode and returns the transitions that it completes, oldest first; none while the episode
     * has fewer steps than a transition.
     *
     * @param observation the observation before the action
     * @param action name of the action
     * @param reward reward of the step
     * @param next the observation after the action; may be empty if {@code terminal}
     * @param version the version that chose the action; null if the action was not chosen by a version
     */
    public List<Cut> add(
            float[] observation,
            String action,
            double reward,
            float[] next,
            boolean terminal,
            boolean truncated,
            @Nullable Long version) {
        open.add(new Seen(observation, action, reward, version));
        total += reward;
        length++;
        List<Cut> cuts = new ArrayList<>();
        if (terminal || truncated) {
            while (!open.isEmpty()) {
                Episode whole = open.size() == 1 ? new Episode(total, length) : null;
                cuts.add(cut(next, terminal, truncated, whole));
            }
            total = 0;
            length = 0;
        } else if (open.size() == steps) {
            cuts.add(cut(next, false, false, null));
        }
        return cuts;
    }

    private Cut cut(float[] next, boolean terminal, boolean truncated, @Nullable Episode episode) {
        double[] rewards = open.stream().mapToDouble(Seen::reward).toArray();
        Seen first = open.removeFirst();
        return new Cut(
                new Payload.Tensor(List.of(first.observation().length), first.observation()),
                new Transition(
                        first.action(), rewards, next, terminal, truncated && !terminal, episode, first.version()));
    }
}
