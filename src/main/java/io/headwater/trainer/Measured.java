package io.headwater.trainer;

import io.headwater.adapt.AnchorScores;
import io.headwater.adapt.Comparison;
import io.headwater.adapt.Scored;
import io.headwater.adapt.Scored.Answer;
import io.headwater.adapt.Verdict;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Evaluation.Kind;
import io.headwater.domain.Lane;
import io.headwater.task.Goal;
import io.headwater.task.ScoredPrediction;
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
 * @param goal that tells how good answers are
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
        Goal goal,
        Comparison compared,
        AnchorScores anchors) {

    /** How well the new samples were told before they were learned. */
    Evaluation prequential() {
        Map<String, Double> metrics = new TreeMap<>();
        addMetrics(metrics, "champion", Scored::champion);
        addMetrics(metrics, "learner", Scored::learner);
        metrics.putAll(goal.observed(scored.stream().map(Scored::expected).toList()));
        return new Evaluation(
                lane, Kind.PREQUENTIAL, champion, null, fromOffset, toOffset, scored.size(), metrics, "", at);
    }

    /** What the gate said of {@code challenger}, with the numbers that it saw. */
    Evaluation of(long challenger, Verdict verdict) {
        Map<String, Double> metrics = new TreeMap<>();
        if (compared.samples() > 0) {
            metrics.put(Goal.named("champion", goal.scoreName()), compared.champion());
            metrics.put(Goal.named("challenger", goal.scoreName()), compared.challenger());
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

    private void addMetrics(Map<String, Double> metrics, String who, Function<Scored, @Nullable Answer> predicted) {
        List<ScoredPrediction> judged = new ArrayList<>(scored.size());
        for (Scored one : scored) {
            Answer answer = predicted.apply(one);
            if (answer != null) {
                judged.add(new ScoredPrediction(one.expected(), answer.label(), Map.of(), answer.score()));
            }
        }
        if (!judged.isEmpty()) {
            goal.metrics(judged).forEach((name, value) -> metrics.put(Goal.named(who, name), value));
        }
    }
}
