package io.headwater.task;

import io.headwater.domain.Label;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Label.MultiLabel;
import io.headwater.domain.Label.TokenTags;
import io.headwater.domain.Label.Transition;
import io.headwater.domain.Label.Values;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Scores an answer of which only the label is known, as of one that was published: the logits, by which {@link Answer#score}
 * compares, are gone.
 */
public final class LabelScore {
    private static final String OUTSIDE = "O";

    private LabelScore() {}

    /**
     * Returns how good an answer is, from 0 to 1, or why the label cannot be its truth: 1 or 0 for a class or an action, F1 for
     * sets of classes, entities and words of an answer, 1 less the character error rate for a transcript, and 1 / (1 + mean
     * absolute error) for numbers.
     *
     * @param goal of the task whose answer it is
     * @param expected the true label
     * @param predicted the answer as a label
     */
    public static Outcome<Double> of(Goal goal, Label expected, Label predicted) {
        boolean isComparable = expected instanceof Transition
                ? predicted instanceof ClassLabel
                : expected.kind().equals(predicted.kind());
        if (!isComparable) {
            return Outcome.rejected(
                    Reason.WRONG_KIND,
                    "label must be of kind %s as the answer to its request, but is %s; send it for a request of its kind"
                            .formatted(predicted.kind(), expected.kind()));
        }
        if (expected instanceof ClassLabel) {
            return Outcome.ok(expected.equals(predicted) ? 1.0 : 0.0);
        }
        if (expected instanceof MultiLabel names) {
            return Outcome.ok(overlap(names.names(), ((MultiLabel) predicted).names()));
        }
        if (expected instanceof TokenTags tags) {
            return ofTags(goal, tags, (TokenTags) predicted);
        }
        if (expected instanceof Values numbers) {
            return ofNumbers(goal, numbers, (Values) predicted);
        }
        if (expected instanceof Transition) {
            return Outcome.ok(metric(goal, expected, predicted, "agreement", "accuracy"));
        }
        return Outcome.ok(
                expected instanceof Label.Transcript
                        ? 1 - Math.min(1, metric(goal, expected, predicted, "cer"))
                        : metric(goal, expected, predicted, "f1"));
    }

    private static double overlap(Set<String> expected, Set<String> predicted) {
        Set<String> both = new HashSet<>(expected);
        both.retainAll(predicted);
        int all = expected.size() + predicted.size();
        return all == 0 ? 1 : 2.0 * both.size() / all;
    }

    private static Outcome<Double> ofTags(Goal goal, TokenTags expected, TokenTags predicted) {
        if (expected.tags().size() != predicted.tags().size()) {
            return Outcome.rejected(
                    Reason.BAD_LABEL,
                    "label must have a tag for each of the %d words of the answer to its request, but has %d; split the text at white space"
                            .formatted(predicted.tags().size(), expected.tags().size()));
        }
        for (String tag : expected.tags()) {
            if (!tag.equals(OUTSIDE) && !(tag.length() > 2 && tag.charAt(1) == '-')) {
                return Outcome.rejected(
                        Reason.BAD_LABEL, "a tag must be O, or B- or I- with a type, but is '" + tag + "'; correct it");
            }
        }
        // Without an entity, there is nothing to find, and F1 is not defined.
        return Outcome.ok(expected.tags().equals(predicted.tags()) ? 1 : metric(goal, expected, predicted, "entityF1"));
    }

    private static Outcome<Double> ofNumbers(Goal goal, Values expected, Values predicted) {
        return expected.values().length != predicted.values().length
                ? Outcome.rejected(
                        Reason.BAD_LABEL,
                        "label must have %d values as the answer to its request, but has %d; correct it"
                                .formatted(predicted.values().length, expected.values().length))
                : Outcome.ok(1 / (1 + metric(goal, expected, predicted, "mae")));
    }

    /** The first of the metrics {@code names} that the goal has. */
    private static double metric(Goal goal, Label expected, Label predicted, String... names) {
        var metrics = goal.metrics(List.of(new ScoredPrediction(expected, predicted)));
        for (String name : names) {
            Double value = metrics.get(name);
            if (value != null) {
                return value;
            }
        }
        throw new IllegalArgumentException("goal %s must have one of the metrics %s, but has %s"
                .formatted(goal.scoreName(), List.of(names), metrics.keySet()));
    }
}
