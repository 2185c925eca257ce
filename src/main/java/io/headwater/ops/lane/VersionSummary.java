package io.headwater.ops.lane;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.headwater.domain.Digest;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Evaluation.Kind;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.VersionRef;
import io.headwater.ops.LaneLog;
import io.headwater.ops.LaneSummary;
import io.headwater.ops.LaneSummary.Score;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A version, how good it was, and its size.
 *
 * @param version the version
 * @param whileServing its mean score on the samples that came while it served, before they were learned; null when it has
 *     served none, or when the evaluations of that time are no longer kept
 * @param whileLearning the mean score of the weights that became the version on its own samples, before these were learned;
 *     null when the evaluation is no longer kept
 * @param headBytes size of the artifact with its head; null when it is not in the store
 * @param checkpointBytes size of its checkpoint, without the earlier ones to which this refers; null when it is not in the
 *     store
 */
public record VersionSummary(
        @JsonUnwrapped ModelVersion version,
        @Nullable Score whileServing,
        @Nullable Score whileLearning,
        @Nullable Long headBytes,
        @Nullable Long checkpointBytes) {

    /**
     * Returns all versions of the lanes that {@code wanted} accepts, grouped by lane in the order of their numbers.
     *
     * @param sizes returns the size of an artifact in bytes; empty when it is not in the store
     */
    public static List<VersionSummary> of(LaneLog log, Predicate<Lane> wanted, Function<Digest, OptionalLong> sizes) {
        Map<Lane, NavigableMap<Instant, VersionRef>> served = new HashMap<>();
        log.decisions(wanted).forEach((lane, decisions) -> {
            NavigableMap<Instant, VersionRef> times = new TreeMap<>();
            decisions.forEach(decision -> times.put(decision.since(), decision.version()));
            served.put(lane, times);
        });
        Map<Lane, String> metrics = new HashMap<>();
        Map<VersionRef, Means> serving = new HashMap<>();
        Map<Lane, Map<Instant, Means>> learning = new HashMap<>();
        log.evaluations(wanted, evaluation -> {
            Lane lane = evaluation.lane();
            if (evaluation.kind() != Kind.PREQUENTIAL) {
                evaluation.comparedMetric().ifPresent(metric -> metrics.put(lane, metric));
                return;
            }
            learning.computeIfAbsent(lane, one -> new HashMap<>())
                    .computeIfAbsent(evaluation.at(), one -> new Means("learner"))
                    .add(evaluation);
            VersionRef champion = champion(served.getOrDefault(lane, Collections.emptyNavigableMap()), evaluation);
            if (champion != null) {
                serving.computeIfAbsent(champion, one -> new Means("champion")).add(evaluation);
            }
        });
        List<VersionSummary> summaries = new ArrayList<>();
        for (ModelVersion version : log.versions(wanted)) {
            Lane lane = version.ref().lane();
            String metric = metrics.getOrDefault(lane, LaneSummary.USUAL_METRIC);
            Map<Instant, Means> ofLane = learning.getOrDefault(lane, Map.of());
            summaries.add(new VersionSummary(
                    version,
                    Means.score(serving.get(version.ref()), metric),
                    Means.score(ofLane.get(version.createdAt()), metric),
                    orNull(sizes.apply(version.ref().artifact())),
                    orNull(sizes.apply(version.ref().checkpoint()))));
        }
        return summaries;
    }

    /**
     * Returns the version whose predictions an evaluation has scored; null when none served, or when that is not known. The number
     * of the champion alone may be that of a version of another lane from which the lane started.
     */
    private static @Nullable VersionRef champion(NavigableMap<Instant, VersionRef> served, Evaluation evaluation) {
        Long number = evaluation.champion();
        Map.Entry<Instant, VersionRef> newest = served.lowerEntry(evaluation.at());
        return newest != null && number != null && newest.getValue().number() == number ? newest.getValue() : null;
    }

    private static @Nullable Long orNull(OptionalLong bytes) {
        return bytes.isPresent() ? bytes.getAsLong() : null;
    }

    /** The means of the metrics of some evaluations whose names begin with the same word. */
    private static final class Means {
        private final String who;
        private final Map<String, Double> sums = new HashMap<>();
        private int samples;

        Means(String who) {
            this.who = who;
        }

        void add(Evaluation evaluation) {
            samples += evaluation.samples();
            evaluation.metrics().forEach((name, value) -> {
                if (name.startsWith(who)) {
                    sums.merge(name.substring(who.length()), value * evaluation.samples(), Double::sum);
                }
            });
        }

        /** Returns the mean of a metric; null when there is none. */
        static @Nullable Score score(@Nullable Means means, String metric) {
            Double sum = means == null ? null : means.sums.get(metric);
            return means == null || sum == null || means.samples == 0
                    ? null
                    : new Score(LaneSummary.metricName(metric), sum / means.samples, means.samples);
        }
    }
}
