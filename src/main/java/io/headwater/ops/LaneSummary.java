package io.headwater.ops;

import io.headwater.domain.Evaluation;
import io.headwater.domain.Evaluation.Kind;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.domain.TrainerState;
import io.headwater.domain.TrainerState.Pause;
import io.headwater.domain.VersionRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The present state of a lane.
 *
 * @param lane name of the lane, {@code adaptation/domain}
 * @param serving the version that serves; null when none does
 * @param newest number of its newest version
 * @param samples number of samples that the lane has been trained on since it began
 * @param state what the trainer does with the lane
 * @param since time at which this state began
 * @param reason why the lane is in this state
 * @param score the champion's prequential score; null when no evaluation contains one
 */
public record LaneSummary(
        String lane,
        @Nullable VersionRef serving,
        long newest,
        long samples,
        State state,
        Instant since,
        String reason,
        @Nullable Score score) {

    /** The metric of lanes of which no verdict is kept. */
    public static final String USUAL_METRIC = "Accuracy";

    /** What a trainer does with a lane. */
    public enum State {
        /** It trains on samples, and the gate decides which version serves. */
        LEARNING,
        /** It trains on samples, but a person decided which version serves. */
        HELD,
        /** It only scores samples. */
        PAUSED
    }

    /**
     * The mean score of the champion in the newest prequential evaluation.
     *
     * @param metric name of the metric
     * @param value mean score, from 0 to 1
     * @param samples number of samples
     */
    public record Score(String metric, double value, int samples) {}

    /** Returns the summaries of all lanes that {@code wanted} accepts and that have a version, in order of their names. */
    public static List<LaneSummary> of(LaneLog log, Predicate<Lane> wanted) {
        Map<Lane, ModelVersion> newest = new TreeMap<>();
        log.versions(wanted).forEach(version -> newest.put(version.ref().lane(), version));
        Map<Lane, Serving> serving = log.serving(wanted);
        Map<Lane, TrainerState> states = log.states(wanted);
        Map<Lane, Evaluation> scores = new HashMap<>();
        Map<Lane, String> metrics = new HashMap<>();
        log.evaluations(wanted, evaluation -> {
            if (evaluation.kind() == Kind.PREQUENTIAL) {
                scores.put(evaluation.lane(), evaluation);
            } else {
                evaluation.comparedMetric().ifPresent(metric -> metrics.put(evaluation.lane(), metric));
            }
        });
        List<LaneSummary> summaries = new ArrayList<>();
        newest.forEach((lane, version) -> summaries.add(of(
                version,
                serving.get(lane),
                states.get(lane),
                score(scores.get(lane), metrics.getOrDefault(lane, USUAL_METRIC)))));
        return summaries;
    }

    private static LaneSummary of(
            ModelVersion newest, @Nullable Serving serving, @Nullable TrainerState state, @Nullable Score score) {
        Pause pause = state == null ? null : state.pause();
        State now = pause != null ? State.PAUSED : serving != null && serving.held() ? State.HELD : State.LEARNING;
        Instant since = pause != null ? pause.since() : serving != null ? serving.since() : newest.createdAt();
        return new LaneSummary(
                newest.ref().lane().key(),
                serving == null ? null : serving.version(),
                newest.ref().number(),
                newest.totalSamples(),
                now,
                since,
                pause != null ? pause.reason() : serving != null ? serving.reason() : "",
                score);
    }

    private static @Nullable Score score(@Nullable Evaluation evaluation, String metric) {
        Double value = evaluation == null ? null : evaluation.metrics().get("champion" + metric);
        return evaluation == null || value == null ? null : new Score(metricName(metric), value, evaluation.samples());
    }

    /** Returns the name of a metric as people read it. */
    public static String metricName(String metric) {
        return Character.toLowerCase(metric.charAt(0)) + metric.substring(1);
    }
}
