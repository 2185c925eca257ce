package io.headwater.task;

import io.headwater.domain.Label;
import io.headwater.domain.Outcome;
import io.headwater.engine.OutputLayer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a task predicts: how a label becomes a training target, the output layer and its loss, how logits are decoded into a
 * prediction, and how predictions are scored. Safe for use by several threads; the same input gives the same result.
 */
public interface Goal {

    /** The output layer. */
    OutputLayer output();

    /** The names of the outputs that a lane begins with. */
    List<String> names();

    /** How many values at the end of a target are numbers; the others are names of outputs. */
    default int numbers() {
        return 0;
    }

    /**
     * The training target of a label, or why the label cannot be used.
     *
     * @param view of the sample's payload, made by the preparation of the same task
     */
    Outcome<Target> target(PayloadView view, Label label);

    /**
     * The target by which predictions for a label are scored, or why they cannot be. It differs from {@link #target} for a
     * label that is sound but cannot be predicted, such as a class outside of the configured list: nothing is learned from
     * it, but each prediction for it is wrong, and a score without it would be too good.
     */
    default Outcome<Target> truth(PayloadView view, Label label) {
        return target(view, label);
    }

    /**
     * The target itself when a sample with this many rows of logits can be trained on it, or why it cannot.
     *
     * @param rows one where features are pooled, else one for each token or frame
     */
    default Outcome<Target> validate(Target target, int rows) {
        return Outcome.ok(target);
    }

    /**
     * Encodes a target as the objective reads it.
     *
     * @param code of the target
     * @param outputs of the head
     */
    default float[] encode(float[] code, int outputs) {
        return code;
    }

    /** The stratum of a sample, from 0. The replay buffer keeps as many samples of each stratum as of any other. */
    default int stratum(float[] code) {
        return 0;
    }

    /** Whether each target is the name of one class, which a person can merge or remove. */
    default boolean choosesClass() {
        return false;
    }

    /**
     * Decodes logits into an answer.
     *
     * @param names of the outputs, in the order of the logits
     * @param logits of one sample; the answer may keep them, so they must not be changed
     */
    Answer decode(List<String> names, float[] logits);

    /** Decodes the logits of each sample, in order. */
    default List<Answer> decode(List<String> names, float[][] logits) {
        return Arrays.stream(logits).map(row -> decode(names, row)).toList();
    }

    /**
     * The form of the targets when a linear output layer can be computed from sums of features and targets; empty where
     * only gradients can train it.
     */
    default Optional<LinearTarget> linearTarget() {
        return Optional.empty();
    }

    /**
     * How many thresholds the sets or intervals of its answers need: one for classes, labels or tags, one for each number;
     * 0 where answers have neither.
     */
    default int thresholds() {
        return 0;
    }

    /** The name of the mean of {@link Answer#score} in reports and events. */
    String scoreName();

    /** The most frequent label, which is the baseline that needs no model; empty where there is none. */
    default Optional<Label> majority(List<Label> labels) {
        return Optional.empty();
    }

    /** The name of a metric of {@code who}: {@code championAccuracy}. */
    static String named(String who, String metric) {
        return who + metric.substring(0, 1).toUpperCase(Locale.ROOT) + metric.substring(1);
    }

    /**
     * The metrics of predictions.
     *
     * @param scored at least one
     * @return by name, as reports and events call them
     */
    SortedMap<String, Double> metrics(List<ScoredPrediction> scored);

    /**
     * Metrics that follow from the samples alone, such as the returns of episodes, whatever a head predicts of them; empty
     * where there are none.
     *
     * @return by name, as reports and events call them
     */
    default SortedMap<String, Double> observed(List<Label> labels) {
        return Collections.emptySortedMap();
    }
}
