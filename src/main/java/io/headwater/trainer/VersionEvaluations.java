package io.headwater.trainer;

import io.headwater.adapt.SampleScores;
import io.headwater.adapt.judge.Notice;
import io.headwater.adapt.judge.ScorePair;
import io.headwater.adapt.judge.Verdict;
import io.headwater.domain.ClassAnswers;
import io.headwater.domain.ClassAnswers.ClassAnswer;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Evaluation.Kind;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Lane;
import io.headwater.task.Goal;
import io.headwater.task.ScoredPrediction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Creates the evaluation events of a new version.
 *
 * @param champion number of the version that served until now; null when no version did
 * @param fromOffset offset of the first sample that the new version could be trained on
 * @param toOffset offset after the last such sample
 * @param at time at which the version was published
 * @param scores scores of the champion and of the head in training on the samples before these were used for training
 * @param contenders how good each contender was on the newest samples, by name
 * @param coverage fraction of the truths that were in the prediction sets or intervals of the champion
 * @param goal computes metrics
 */
record VersionEvaluations(
        Lane lane,
        @Nullable Long champion,
        long fromOffset,
        long toOffset,
        Instant at,
        List<SampleScores> scores,
        SortedMap<String, Double> contenders,
        OptionalDouble coverage,
        Goal goal) {

    /**
     * Returns the prequential evaluation: how well the new samples were predicted before they were used for training.
     */
    Evaluation prequential() {
        Map<String, Double> metrics = new TreeMap<>();
        addMetrics(metrics, "champion", SampleScores::champion);
        addMetrics(metrics, "learner", SampleScores::challenger);
        contenders.forEach((name, quality) -> metrics.put("contender." + name, quality));
        coverage.ifPresent(value -> metrics.put("coverage", value));
        metrics.putAll(goal.observed(scores.stream().map(SampleScores::expected).toList()));
        return new Evaluation(
                lane,
                Kind.PREQUENTIAL,
                champion,
                null,
                fromOffset,
                toOffset,
                scores.size(),
                metrics,
                "",
                answers(),
                at);
    }

    /** Returns what the champion answered; null where answers are no classes. */
    private @Nullable ClassAnswers answers() {
        List<ClassAnswer> answers = new ArrayList<>();
        for (SampleScores one : scores) {
            ScoredPrediction answered = one.champion();
            if (answered != null
                    && !Double.isNaN(answered.confidence())
                    && answered.expected() instanceof ClassLabel expected
                    && answered.predicted() instanceof ClassLabel predicted) {
                answers.add(new ClassAnswer(one.position(), expected.name(), predicted.name(), answered.confidence()));
            }
        }
        return answers.isEmpty() ? null : ClassAnswers.of(answers);
    }

    /**
     * Returns the verdict with the scores that it is based on.
     *
     * @param challenger number of the version that is published
     */
    Evaluation of(long challenger, Verdict verdict) {
        Map<String, Double> metrics = new TreeMap<>();
        ScorePair recent = verdict.recent();
        if (recent.samples() > 0) {
            metrics.put(Goal.named("champion", goal.scoreName()), recent.champion());
            metrics.put(Goal.named("challenger", goal.scoreName()), recent.challenger());
        }
        if (verdict.guard().samples() > 0) {
            metrics.put("guardChampion", verdict.guard().champion());
            metrics.put("guardChallenger", verdict.guard().challenger());
        }
        return new Evaluation(
                lane,
                kind(verdict),
                champion,
                verdict.promoted() && verdict.earlier() != null
                        ? verdict.earlier().number()
                        : challenger,
                fromOffset,
                toOffset,
                recent.samples(),
                metrics,
                verdict.reason(),
                at);
    }

    /** Returns the event of what a person should know about the lane. */
    Evaluation of(Notice notice) {
        return new Evaluation(
                lane,
                Kind.valueOf(notice.kind().name()),
                champion,
                null,
                fromOffset,
                toOffset,
                Math.toIntExact(notice.samples()),
                Map.of("difference", notice.difference()),
                notice.text(),
                at);
    }

    private static Kind kind(Verdict verdict) {
        if (verdict.promoted()) {
            return Kind.PROMOTED;
        }
        return verdict.isRollback() ? Kind.ROLLED_BACK : Kind.REJECTED;
    }

    private void addMetrics(
            Map<String, Double> metrics, String who, Function<SampleScores, @Nullable ScoredPrediction> prediction) {
        List<ScoredPrediction> predictions =
                scores.stream().map(prediction).filter(Objects::nonNull).toList();
        if (!predictions.isEmpty()) {
            goal.metrics(predictions).forEach((name, value) -> metrics.put(Goal.named(who, name), value));
        }
    }
}
