package io.headwater.adapt.race;

import io.headwater.engine.closed.Alignment;
import io.headwater.engine.closed.ClassPrior;
import io.headwater.engine.closed.Discriminant;
import io.headwater.engine.closed.LinearWeights;
import io.headwater.engine.closed.Moments;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Learns from labels that it has predicted itself (pseudo-labels: Lee 2013, "Pseudo-Label"; balanced over the classes as in
 * Zou, Yu, Kumar and Wang 2018, "Unsupervised Domain Adaptation for Semantic Segmentation via Class-Balanced Self-Training").
 * Samples without a label are aligned with those that have one, so that both together have one linear discriminant; of each
 * class that is predicted for them, the most certain ones count as samples of this class.
 */
final class SelfTraining {
    /** The part of the samples of a predicted class that are used. */
    private static final double KEPT = 0.8;

    /** At most so many times the mean number of samples of a class are used of one. */
    private static final double MOST = 1.5;

    /** How often labels are predicted again by what was learned from them. */
    private static final int ROUNDS = 3;

    private SelfTraining() {}

    /** A row, what is predicted for it, and the difference of the two largest logits. */
    private record Guess(float[] features, int output, double margin) {}

    /**
     * Returns weights for features as they are.
     *
     * @param start weights that were learned from {@code labelled}
     * @param labelled sums of samples with labels, at least one
     * @param unlabelled features of samples without a label
     * @param outputs number of outputs
     */
    static LinearWeights solve(
            LinearWeights start, Moments labelled, Alignment alignment, List<float[]> unlabelled, int outputs) {
        List<float[]> rows = unlabelled.stream().map(alignment::map).toList();
        LinearWeights weights = start;
        for (int round = 0; round < ROUNDS && !rows.isEmpty(); round++) {
            List<Guess> used = balanced(guesses(weights, rows), outputs);
            Moments sums = labelled.copy();
            sums.add(
                    used.stream().map(Guess::features).toArray(float[][]::new),
                    used.stream().mapToInt(Guess::output).toArray());
            weights = new Discriminant(ClassPrior.UNIFORM)
                    .solve(sums.centred(outputs).comparable());
        }
        return alignment.into(weights);
    }

    private static List<Guess> guesses(LinearWeights weights, List<float[]> rows) {
        List<Guess> guesses = new ArrayList<>(rows.size());
        for (float[] row : rows) {
            float[] logits = weights.logits(row);
            int best = 0;
            for (int i = 1; i < logits.length; i++) {
                best = logits[i] > logits[best] ? i : best;
            }
            double second = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < logits.length; i++) {
                second = i == best ? second : Math.max(second, logits[i]);
            }
            guesses.add(new Guess(row, best, logits[best] - second));
        }
        return guesses;
    }

    /** Returns the most certain guesses of each output, and not many more of one than of another. */
    private static List<Guess> balanced(List<Guess> guesses, int outputs) {
        List<Guess> balanced = new ArrayList<>();
        for (int output = 0; output < outputs; output++) {
            int own = output;
            List<Guess> of = guesses.stream()
                    .filter(guess -> guess.output() == own)
                    .sorted(Comparator.comparingDouble(Guess::margin).reversed())
                    .toList();
            double most = Math.min(of.size(), MOST * guesses.size() / outputs);
            balanced.addAll(of.subList(0, Math.min(of.size(), (int) Math.ceil(KEPT * most))));
        }
        return balanced;
    }
}
