package io.headwater.adapt.judge;

/**
 * The decision on a challenger, with the scores that it follows from.
 *
 * @param promoted whether the challenger serves from now on
 * @param reason why, with the numbers
 * @param recent both on the newest samples since the champion began to serve, each scored before it was learned
 * @param heldOut both on the held-out samples, where the champion's score is the one not to fall below;
 *     {@link ScorePair#NONE} when there are none, or when an earlier rule already decided
 */
public record Verdict(boolean promoted, String reason, ScorePair recent, ScorePair heldOut) {}
