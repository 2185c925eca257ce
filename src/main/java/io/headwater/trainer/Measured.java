package io.headwater.trainer;

import io.headwater.adapt.AnchorScores;
import io.headwater.adapt.Comparison;
import io.headwater.adapt.Scored;
import io.headwater.adapt.Verdict;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Evaluation.Kind;
import io.headwater.domain.Lane;
import io.headwater.task.ClassMetrics;
import io.headwater.task.ClassMetrics.Pair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of a lane between two versions, and the events that say so.
 *
 * @param champion number of the version that serves; null when none does
 * @param fromOffset of the first sample that the new version could learn from
 * @param toOffset after the last one
 * @param scored what champion and head in training said of the samples before they were learned
 * @param compared both on identical samples since the champion took office
 * @param anchors both on the anchor set
 */
record Measured(
        Lane lane,
        @Nullable Long champion,
        long fromOffset,
        long toOffset,
        Instant at,
        List<Scored> scored,
        Comparison compared,
        AnchorScores anchors) {

    /** How well the new samples were told before they were learned. */
    Evaluation prequential() {
        Map<String, Double> metrics = new TreeMap<>();
        addMetrics(metrics, "champion", Scored::champion);
        addMetrics(metrics, "learner", Scored::learner);
        return new Evaluation(
                lane, Kind.PREQUENTIAL, champion, null, fromOffset, toOffset, scored.size(), metrics, "", at);
    }

    /** What the gate said of {@code challenger}, with the numbers that it saw. */
    Evaluation of(long challenger, Verdict verdict) {
        Map<String, Double> metrics = new TreeMap<>();
        if (compared.samples() > 0) {
            metrics.put("championAccuracy", compared.championAccuracy());
            metrics.put("challengerAccuracy", compared.challengerAccuracy());
        }
        if (anchors.samples() > 0) {
            metrics.put("anchorReference", anchors.reference());
            metrics.put("anchorChallenger", anchors.challenger());
        }
        return new Evaluation(
                lane,
                verdict.promoted() ? Kind.PROMOTED : Kind.REJECTED,
                champion,
                challenger,
                fromOffset,
                toOffset,
                compared.samples(),
                metrics,
                verdict.reason(),
                at);
    }

    private void addMetrics(Map<String, Double> metrics, String who, Function<Scored, @Nullable String> said) {
        List<Pair> pairs = new ArrayList<>(scored.size());
        for (Scored one : scored) {
            String predicted = said.apply(one);
            if (predicted != null) {
                pairs.add(new Pair(one.expected(), predicted));
            }
        }
        if (!pairs.isEmpty()) {
            ClassMetrics measured = ClassMetrics.of(pairs);
            metrics.put(who + "Accuracy", measured.accuracy());
            metrics.put(who + "MacroF1", measured.macroF1());
        }
    }
}
