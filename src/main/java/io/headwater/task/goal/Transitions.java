package io.headwater.task.goal;

import io.headwater.domain.Label;
import io.headwater.domain.Label.Transition;
import io.headwater.domain.Limits;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Checks the labels of transitions.
 *
 * @param actions names of the allowed actions, each of which may also be given by its index; empty to allow any
 */
record Transitions(List<String> actions) {
    private static final int MAX_STEPS = 1000;

    Transitions {
        actions = List.copyOf(actions);
    }

    /** The transition with the name of its action, or why it cannot be used. */
    Outcome<Transition> check(Payload payload, Label label) {
        return check(payload, label, true);
    }

    /** The same as {@link #check}, but the action may also be one that is not allowed. */
    Outcome<Transition> checkOfAnyAction(Payload payload, Label label) {
        return check(payload, label, false);
    }

    private Outcome<Transition> check(Payload payload, Label label, boolean isRestricted) {
        if (!(label instanceof Transition given)) {
            return Outcome.rejected(
                    Reason.WRONG_KIND,
                    "label must be of kind transition, but is " + label.kind()
                            + "; send it to an adaptation of its kind");
        }
        return action(given.action(), isRestricted)
                .then(name -> rewards(given)
                        .then(fine -> next(payload, given))
                        .then(fine -> Outcome.ok(new Transition(
                                name,
                                given.rewards(),
                                given.nextObservation(),
                                given.terminal(),
                                given.truncated(),
                                given.episode(),
                                given.version()))));
    }

    private Outcome<String> action(String given, boolean isRestricted) {
        if (given.isBlank() || given.length() > Limits.NAME) {
            return Outcome.rejected(
                    Reason.BAD_LABEL,
                    "action must have 1 to " + Limits.NAME + " characters, not all blank, but has " + given.length()
                            + "; give its name or index");
        }
        String name = name(given);
        if (!isRestricted || actions.isEmpty() || actions.contains(name)) {
            return Outcome.ok(name);
        }
        return Outcome.rejected(
                Reason.BAD_LABEL,
                "action must be one of the " + actions.size() + " in 'labels', or an index from 0 to "
                        + (actions.size() - 1) + ", but is '" + given + "'; correct it or add it to 'labels'");
    }

    /** The name of the action that {@code given} names or whose index it is; {@code given} itself when it is neither. */
    String name(String given) {
        if (!actions.contains(given)) {
            for (int i = 0; i < actions.size(); i++) {
                if (given.equals(Integer.toString(i))) {
                    return actions.get(i);
                }
            }
        }
        return given;
    }

    private static Outcome<Transition> rewards(Transition given) {
        double[] rewards = given.rewards();
        if (rewards.length < 1 || rewards.length > MAX_STEPS) {
            return Outcome.rejected(
                    Reason.BAD_LABEL,
                    "a transition must have the rewards of 1 to " + MAX_STEPS + " steps, but has " + rewards.length
                            + "; cut the episode into shorter ones");
        }
        for (int i = 0; i < rewards.length; i++) {
            // Targets are floats, and the sum of the largest number of rewards must be a finite float.
            if (!(Math.abs(rewards[i]) <= Float.MAX_VALUE / MAX_STEPS)) {
                return Outcome.rejected(
                        Reason.NOT_FINITE,
                        "reward " + i + " of a transition must be finite and at most "
                                + Float.MAX_VALUE / MAX_STEPS + " in size, but is " + rewards[i]
                                + "; drop or repair the transition");
            }
        }
        if (given.episode() != null && !Double.isFinite(given.episode().total())) {
            return Outcome.rejected(
                    Reason.NOT_FINITE,
                    "the return of an episode must be finite, but is "
                            + given.episode().total() + "; leave it out or repair it");
        }
        return Outcome.ok(given);
    }

    private static Outcome<Transition> next(Payload payload, Transition given) {
        float[] next = given.nextObservation();
        if (next.length == 0 && given.terminal()) {
            return Outcome.ok(given);
        }
        if (next.length == 0) {
            return Outcome.rejected(
                    Reason.BAD_LABEL,
                    "a transition must have a next observation unless it is terminal, but has none; add it, or terminal");
        }
        if (payload instanceof Payload.Tensor seen && seen.values().length != next.length) {
            return Outcome.rejected(
                    Reason.BAD_LABEL,
                    "the next observation of a transition must have as many numbers as the observation, which are "
                            + seen.values().length + ", but has " + next.length + "; repair the transition");
        }
        for (int i = 0; i < next.length; i++) {
            if (!Float.isFinite(next[i])) {
                return Outcome.rejected(
                        Reason.NOT_FINITE,
                        "the next observation of a transition must hold finite numbers, but number " + i + " is "
                                + next[i] + "; drop or repair the transition");
            }
        }
        return Outcome.ok(given);
    }

    /**
     * The returns of the episodes that end with these transitions: {@code meanReturn} and {@code episodes}, and the same for
     * each version that the transitions name, as in {@code meanReturnVersion3}. Empty where no episode ended.
     */
    static SortedMap<String, Double> played(List<Label> labels) {
        List<Double> all = new ArrayList<>();
        Map<Long, List<Double>> byVersion = new TreeMap<>();
        for (Label label : labels) {
            if (label instanceof Transition one && one.episode() != null) {
                all.add(one.episode().total());
                if (one.version() != null) {
                    byVersion
                            .computeIfAbsent(one.version(), absent -> new ArrayList<>())
                            .add(one.episode().total());
                }
            }
        }
        SortedMap<String, Double> metrics = new TreeMap<>();
        put(metrics, "", all);
        byVersion.forEach((version, returns) -> put(metrics, "Version" + version, returns));
        return metrics;
    }

    private static void put(SortedMap<String, Double> metrics, String of, List<Double> returns) {
        if (!returns.isEmpty()) {
            ReturnMetrics measured = ReturnMetrics.of(returns);
            metrics.put("meanReturn" + of, measured.meanReturn());
            metrics.put("episodes" + of, (double) measured.episodes());
        }
    }
}
