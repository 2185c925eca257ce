package io.headwater.adapt.judge;

/**
 * Mean scores of the champion and of a challenger on the same samples.
 *
 * @param samples number of samples that were compared
 * @param champion mean score, from 0 to 1; 0 without samples
 * @param challenger mean score, from 0 to 1; 0 without samples
 */
public record ScorePair(int samples, double champion, double challenger) {
    /** No samples were compared. */
    public static final ScorePair NONE = new ScorePair(0, 0, 0);
}
