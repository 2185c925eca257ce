package io.headwater.domain;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was measured about a lane between two checkpoints: one event of the {@code evaluations} topic.
 *
 * @param lane whose
 * @param kind what was measured
 * @param champion number of the version that served meanwhile; null when none did
 * @param challenger number of the version it is compared with; null when none is
 * @param fromOffset first offset of the samples topic that it covers
 * @param toOffset the offset after the last one
 * @param samples how many samples it covers
 * @param metrics by name, such as {@code championAccuracy}; fractions from 0 to 1
 * @param verdict for people; empty when there is none
 * @param at when
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
        Instant at) {

    /** What an evaluation measures. */
    public enum Kind {
        /** Every sample scored by the champion and by the learner before either learned from it. */
        PREQUENTIAL,
        /** The gate promoted the challenger. */
        PROMOTED,
        /** The gate rejected the challenger. */
        REJECTED
    }

    public Evaluation {
        metrics = Map.copyOf(metrics);
    }
}
