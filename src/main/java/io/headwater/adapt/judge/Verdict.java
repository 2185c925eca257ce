package io.headwater.adapt.judge;

import io.headwater.domain.VersionRef;
import org.jspecify.annotations.Nullable;

/**
 * The decision on a challenger, with the scores that it is based on.
 *
 * @param promoted whether the challenger serves from now on
 * @param reason the reason, with the scores
 * @param recent mean scores of both on the newest samples since the champion began to serve; each sample was scored
 *     before it was used for training
 * @param heldOut mean scores on the held-out samples, where the champion's score is the best one so far;
 *     {@link ScorePair#NONE} when there are none, or when an earlier rule already decided
 * @param rollback the earlier version that serves again from now on; null when the lane does not return to one
 */
public record Verdict(
        boolean promoted,
        String reason,
        ScorePair recent,
        ScorePair heldOut,
        @Nullable VersionRef rollback) {

    /** Creates a decision that does not return to an earlier version. */
    public Verdict(boolean promoted, String reason, ScorePair recent, ScorePair heldOut) {
        this(promoted, reason, recent, heldOut, null);
    }
}
