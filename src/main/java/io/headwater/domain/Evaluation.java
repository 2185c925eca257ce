package io.headwater.domain;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of a lane between two checkpoints: one event of the {@code evaluations} topic.
 *
 * @param lane the lane that was evaluated
 * @param kind what was measured
 * @param champion number of the version that served in this range; null when no version did
 * @param challenger number of the version that the champion is compared with; null when there is none
 * @param fromOffset first offset of the samples topic that it covers
 * @param toOffset the offset after the last one
 * @param samples how many samples it covers
 * @param metrics metrics by name, such as {@code championAccuracy}; fractions from 0 to 1
 * @param verdict the verdict as text for people; empty when there is none
 * @param answers what the champion answered, by class; null where labels are no classes, and in all but prequential evaluations
 * @param at time of the evaluation
 */
public record Evaluation(
        Lane lane,
        Kind kind,
        @Nullable Long champion,
        @Nullable Long challenger,
        long fromOffset,
        long toOffset,
        int samples,
        Map<String, Double> metrics,
        String verdict,
        @Nullable ClassAnswers answers,
        Instant at) {
    private static final String CHALLENGER = "challenger";

    /** The kinds of evaluation. */
    public enum Kind {
        /**
         * Prequential evaluation: the champion and the head in training score every sample before it is used for
         * training.
         */
        PREQUENTIAL,
        /** The gate promoted the challenger. */
        PROMOTED,
        /** The gate rejected the challenger. */
        REJECTED,
        /** The challenger was rejected, and an earlier version serves again because the champion was worse than it. */
        ROLLED_BACK,
        /** No version was promoted for long, although newer weights are better than the champion. */
        STALLED,
        /** A contender that is better on the stream was refused for long because of the guard set. */
        VETOED,
        /** Samples were deleted before they were read, or their topic was created anew. */
        LOST
    }

    public Evaluation {
        metrics = Map.copyOf(metrics);
    }

    /** Creates an evaluation that does not say what the champion answered. */
    public Evaluation(
            Lane lane,
            Kind kind,
            @Nullable Long champion,
            @Nullable Long challenger,
            long fromOffset,
            long toOffset,
            int samples,
            Map<String, Double> metrics,
            String verdict,
            Instant at) {
        this(lane, kind, champion, challenger, fromOffset, toOffset, samples, metrics, verdict, null, at);
    }

    /** Returns the name of the metric that the gate compares, without {@code challenger}; empty when nothing is compared. */
    public Optional<String> comparedMetric() {
        return metrics.keySet().stream()
                .filter(name -> name.startsWith(CHALLENGER))
                .map(name -> name.substring(CHALLENGER.length()))
                .findFirst();
    }
}
