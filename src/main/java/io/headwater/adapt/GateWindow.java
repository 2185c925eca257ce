package io.headwater.adapt;

import java.util.ArrayDeque;
import java.util.function.ToDoubleFunction;

/** The newest samples on which champion and learner were both scored, since the champion took office. */
final class GateWindow {
    private static final int LENGTH = 512;

    private record Pair(float champion, float learner) {}

    private final ArrayDeque<Pair> scores = new ArrayDeque<>();

    /** A window of scores as {@link #scores} gives them. */
    static GateWindow restore(float[] scores) {
        GateWindow window = new GateWindow();
        for (int i = 0; i + 1 < scores.length; i += 2) {
            window.scores.add(new Pair(scores[i], scores[i + 1]));
        }
        return window;
    }

    void add(double champion, double learner) {
        if (scores.size() == LENGTH) {
            scores.removeFirst();
        }
        scores.addLast(new Pair((float) champion, (float) learner));
    }

    void clear() {
        scores.clear();
    }

    Comparison comparison() {
        return new Comparison(scores.size(), mean(Pair::champion), mean(Pair::learner));
    }

    /** The champion's score and the learner's for each sample, the oldest first. */
    float[] scores() {
        float[] flat = new float[2 * scores.size()];
        int at = 0;
        for (Pair pair : scores) {
            flat[at++] = pair.champion();
            flat[at++] = pair.learner();
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
