package io.headwater.adapt.judge;

import java.util.ArrayDeque;
import java.util.function.ToDoubleFunction;

/**
 * A window of the scores of champion and challenger on the newest samples since the champion began to serve. Not
 * thread-safe.
 */
public final class ScoreWindow {
    private static final int LENGTH = 512;

    private record Pair(float champion, float challenger) {}

    private final ArrayDeque<Pair> scores = new ArrayDeque<>();

    /** Restores a window from scores that {@link #scores} returned. */
    public static ScoreWindow restore(float[] scores) {
        ScoreWindow window = new ScoreWindow();
        for (int i = 0; i + 1 < scores.length; i += 2) {
            window.scores.add(new Pair(scores[i], scores[i + 1]));
        }
        return window;
    }

    /** Adds the scores of a sample, and removes the oldest sample when the window is full. */
    public void add(double champion, double challenger) {
        if (scores.size() == LENGTH) {
            scores.removeFirst();
        }
        scores.addLast(new Pair((float) champion, (float) challenger));
    }

    /** Removes all samples. */
    public void clear() {
        scores.clear();
    }

    /** Returns the mean scores. */
    public ScorePair means() {
        return new ScorePair(scores.size(), mean(Pair::champion), mean(Pair::challenger));
    }

    /** Returns the champion's and the challenger's score of each sample, the oldest first. */
    public float[] scores() {
        float[] flat = new float[2 * scores.size()];
        int at = 0;
        for (Pair pair : scores) {
            flat[at++] = pair.champion();
            flat[at++] = pair.challenger();
        }
        return flat;
    }

    private double mean(ToDoubleFunction<Pair> whose) {
        double sum = 0;
        for (Pair pair : scores) {
            sum += whose.applyAsDouble(pair);
        }
        return scores.isEmpty() ? 0 : sum / scores.size();
    }
}
