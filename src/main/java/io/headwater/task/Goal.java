package io.headwater.task;

import io.headwater.domain.Label;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.OutputLayer;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a head shall say: what a label becomes, the output layer and its loss, what logits mean, and how well that is. Safe
 * for use by several threads; the same input gives the same result.
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
     * What a label teaches, or why it cannot be used.
     *
     * @param payload the sample's, which was prepared
     */
    Outcome<Target> target(Payload payload, Label label);

    /**
     * Whether a sample with so many rows of logits can teach {@code target}, or why not.
     *
     * @param rows one where features are pooled, else one for each token or frame
     */
    default Outcome<Target> teachable(Target target, int rows) {
        return Outcome.ok(target);
    }

    /**
     * What the objective reads.
     *
     * @param code of a target
     * @param outputs of the head
     */
    default float[] taught(float[] code, int outputs) {
        return code;
    }

    /** Samples of one stratum are remembered as well as those of any other; from 0. */
    default int stratum(float[] code) {
        return 0;
    }

    /**
     * What logits say.
     *
     * @param names of the outputs, in the order of the logits
     * @param logits of one sample
     */
    Target said(List<String> names, float[] logits);

    /** How good an answer is, from 0 to 1; the gate compares the mean of it. */
    double score(Target expected, Target said);

    /** What the mean of scores is called. */
    String scoreName();

    /**
     * What was said as a label of {@code payload}.
     *
     * @param payload of which it was said
     */
    Label answer(Payload payload, Target said);

    /** Probabilities that explain an answer, by name; empty where there are none of the whole sample. */
    default Map<String, Float> probabilities(List<String> names, float[] logits) {
        return Map.of();
    }

    /** What one would say without looking; empty where there is no such thing. */
    default Optional<Label> commonest(List<Label> labels) {
        return Optional.empty();
    }

    /** The name of a metric of {@code who}: {@code championAccuracy}. */
    static String named(String who, String metric) {
        return who + metric.substring(0, 1).toUpperCase(Locale.ROOT) + metric.substring(1);
    }

    /**
     * How good answers are.
     *
     * @param judged at least one
     * @return by name, as reports and events call them
     */
    SortedMap<String, Double> metrics(List<ScoredPrediction> judged);

    /**
     * What samples themselves tell of how well it went before, whatever a head says of them; empty where they tell nothing.
     *
     * @return by name, as reports and events call them
     */
    default SortedMap<String, Double> observed(List<Label> labels) {
        return Collections.emptySortedMap();
    }
}
