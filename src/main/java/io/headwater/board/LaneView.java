package io.headwater.board;

import io.headwater.domain.DriftSignal;
import io.headwater.domain.Lane;
import io.headwater.domain.VersionRef;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The present state of a lane.
 *
 * @param revision rises with each change that the board has seen
 * @param learning what the trainer does with the lane
 * @param since when this began
 * @param reason why
 * @param serving the version that serves; null when none does
 * @param newest number of its newest version; 0 when there is none
 * @param samples number of samples that it has been trained on
 * @param learnedAt time of its newest checkpoint; null when there is none
 * @param score how good what serves is; null as long as that is not known
 * @param drift the newest signal that the stream has changed, if it came among the samples of the score; null when there is none
 * @param asks number of requests that people should label
 * @param letters number of dead letters that the board has seen of it
 * @param curve scores from the beginning
 */
public record LaneView(
        Lane lane,
        long revision,
        Learning learning,
        Instant since,
        String reason,
        @Nullable VersionRef serving,
        long newest,
        long samples,
        @Nullable Instant learnedAt,
        @Nullable ScoreEstimate score,
        @Nullable DriftSignal drift,
        int asks,
        long letters,
        List<CurvePoint> curve) {

    /** What a trainer does with a lane. */
    public enum Learning {
        /** It trains, and the gate decides which version serves. */
        LEARNING,
        /** It trains, but a person decided which version serves. */
        HELD,
        /** It only scores samples. */
        PAUSED
    }
}
