package io.headwater.adapt.judge;

import io.headwater.domain.VersionRef;
import org.jspecify.annotations.Nullable;

/**
 * The decision when a version is published, with the scores that it is based on.
 *
 * @param promoted whether a newer version than the champion serves from now on
 * @param reason the reason, with the scores
 * @param recent mean scores of the champion and of the newest weights on the newest samples since the champion began to
 *     serve; each sample was scored before it was used for training
 * @param guard mean scores of the champion and of the challenger on the guard set; {@link ScorePair#NONE} when there is
 *     none, or when an earlier rule already decided
 * @param earlier the version that serves from now on if it is not the one that is published: one that has proved itself
 *     since it was published, or the one before the champion, to which the lane returns; otherwise null
 */
public record Verdict(
        boolean promoted,
        String reason,
        ScorePair recent,
        ScorePair guard,
        @Nullable VersionRef earlier) {

    /** Returns the decision that the published version serves. */
    public static Verdict promoted(String reason, ScorePair recent, ScorePair guard) {
        return new Verdict(true, reason, recent, guard, null);
    }

    /** Returns the decision that the champion goes on serving. */
    public static Verdict rejected(String reason, ScorePair recent, ScorePair guard) {
        return new Verdict(false, reason, recent, guard, null);
    }

    /** Returns whether the lane returns to the version before the champion. */
    public boolean isRollback() {
        return !promoted && earlier != null;
    }

    /** Returns whether the published version itself serves from now on. */
    public boolean servesPublished() {
        return promoted && earlier == null;
    }
}
