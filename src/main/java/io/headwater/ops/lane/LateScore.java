package io.headwater.ops.lane;

import io.headwater.domain.Lane;
import io.headwater.domain.LateEvaluation;
import io.headwater.domain.LateEvaluation.ShadowSums;
import io.headwater.domain.VersionRef;
import io.headwater.ops.LaneLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How good the answers of a version were by late labels, over all periods that the topic keeps.
 *
 * @param lane whose requests it answered
 * @param version the version; it belongs to another lane when the lane was served by its source
 * @param since beginning of the first period
 * @param metric name of the score
 * @param labelled number of requests whose label is known
 * @param score mean score of the answers to these, 0 to 1; null when there are none
 * @param expired number of answered requests whose label did not come in time
 * @param shadow what its answers are compared with when it was a challenger; null for what it answered when it served
 */
public record LateScore(
        Lane lane,
        VersionRef version,
        Instant since,
        String metric,
        long labelled,
        @Nullable Double score,
        long expired,
        @Nullable Comparison shadow) {

    /**
     * The answers that callers were given to the same labelled requests.
     *
     * @param score their mean score, 0 to 1; null when there are none
     * @param better number of requests to which the challenger's answer has the higher score
     * @param worse number of requests to which it has the lower score
     */
    public record Comparison(@Nullable Double score, long better, long worse) {}

    private record Who(Lane lane, VersionRef version, boolean isShadow) {}

    /** Returns the scores of all versions of the lanes that {@code wanted} accepts, by lane and number, challengers last. */
    public static List<LateScore> of(LaneLog log, Predicate<Lane> wanted) {
        Map<Who, Map<Instant, LateEvaluation>> found = new LinkedHashMap<>();
        log.lateEvaluations(wanted, one -> {
            // Later events of a period replace those before; the faded evaluation counts the same requests again.
            if (one.halfLife().isZero()) {
                found.computeIfAbsent(
                                new Who(one.lane(), one.version(), one.shadow() != null), who -> new LinkedHashMap<>())
                        .put(one.from(), one);
            }
        });
        List<LateScore> scores = new ArrayList<>();
        found.forEach((who, periods) -> scores.add(sum(who, List.copyOf(periods.values()))));
        scores.sort(Comparator.comparing(LateScore::lane)
                .thenComparing(one -> one.version().lane())
                .thenComparing(one -> one.version().number())
                .thenComparing(one -> one.shadow() != null));
        return scores;
    }

    private static LateScore sum(Who who, List<LateEvaluation> periods) {
        double labelled = 0;
        double score = 0;
        double expired = 0;
        double beside = 0;
        double better = 0;
        double worse = 0;
        for (LateEvaluation one : periods) {
            labelled += one.labelled();
            score += one.scoreSum();
            expired += one.expired();
            ShadowSums sums = one.shadow();
            if (sums != null) {
                beside += sums.answerScoreSum();
                better += sums.better();
                worse += sums.worse();
            }
        }
        return new LateScore(
                who.lane(),
                who.version(),
                periods.stream()
                        .map(LateEvaluation::from)
                        .min(Comparator.naturalOrder())
                        .orElseThrow(),
                periods.get(0).scoreName(),
                Math.round(labelled),
                mean(score, labelled),
                Math.round(expired),
                who.isShadow() ? new Comparison(mean(beside, labelled), Math.round(better), Math.round(worse)) : null);
    }

    private static @Nullable Double mean(double sum, double count) {
        return count > 0 ? sum / count : null;
    }
}
