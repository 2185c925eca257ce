package io.headwater.adapt.ask;

import java.util.Arrays;

/** The last scores of a lane, by which a score is one of the highest or not. Not safe for use by several threads. */
final class RecentScores {
    /** Scores that are remembered: enough for a share of 5 %, and few enough to follow a lane that becomes more certain. */
    static final int MEMORY = 256;

    private double[] scores = new double[0];
    private int next;

    /**
     * Returns the part of a request with this score that belongs to the highest {@code share} of the last ones, from 0 to 1, then
     * remembers the score. Equal scores share their place evenly, so that over exchangeable requests the mean of this number is
     * {@code share}, whatever their scores are: many, few, or one.
     */
    double partAmongHighest(double score, double share) {
        int higher = 0;
        int equal = 1;
        for (double other : scores) {
            higher += other > score ? 1 : 0;
            equal += other == score ? 1 : 0;
        }
        double places = share * (scores.length + 1);
        remember(score);
        return Math.max(0, Math.min(1, (places - higher) / equal));
    }

    private void remember(double score) {
        if (scores.length < MEMORY) {
            scores = Arrays.copyOf(scores, scores.length + 1);
            scores[scores.length - 1] = score;
        } else {
            scores[next] = score;
            next = (next + 1) % MEMORY;
        }
    }
}
