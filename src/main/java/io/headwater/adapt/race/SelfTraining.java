package io.headwater.adapt.race;

import io.headwater.engine.closed.ClassPrior;
import io.headwater.engine.closed.Discriminant;
import io.headwater.engine.closed.LinearWeights;
import io.headwater.engine.closed.Moments;
import io.headwater.engine.closed.Propagation;
import io.headwater.task.LinearTarget;
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

    /** So many samples with labels propagate them. */
    private static final int LABELLED = 512;

    private SelfTraining() {}

    /** How weights follow in the end from the labels that are known and those that were predicted. */
    interface Learning {
        /**
         * Returns weights.
         *
         * @param sums sums of all rows, with both kinds of labels
         * @param rows those of them that are in memory
         */
        LinearWeights learned(Moments sums, SampleTargets rows);
    }

    /** A row, what is predicted for it, and by how much this is more probable than anything else. */
    private record Guess(float[] features, int output, double margin) {}

    /**
     * Returns weights for aligned features.
     *
     * @param start weights that were learned from the samples with labels
     * @param samples those with labels
     * @param unlabelled aligned features of samples without a label
     * @param outputs number of outputs
     */
    static LinearWeights solve(
            LinearWeights start, DomainSamples samples, List<float[]> unlabelled, int outputs, Learning last) {
        LinearWeights weights = start;
        for (int round = 1; round <= ROUNDS && !unlabelled.isEmpty(); round++) {
            List<Guess> used = balanced(guesses(weights, unlabelled), outputs);
            weights = round < ROUNDS
                    ? discriminant(sums(samples, used), outputs)
                    : last.learned(sums(samples, used), rows(samples, used));
        }
        return weights;
    }

    /**
     * Returns weights for aligned features that follow from labels that samples have {@linkplain Propagation propagated} to those
     * without one.
     *
     * @param samples those with labels, some of them in memory
     * @param unlabelled aligned features of samples without a label, at least one
     * @param outputs number of outputs
     */
    static LinearWeights propagate(DomainSamples samples, List<float[]> unlabelled, int outputs, Learning last) {
        SampleTargets known = samples.known().atMost(LABELLED);
        Propagation found = Propagation.of(
                samples.learned().centred(outputs).comparable(),
                known.features(),
                known.classes(),
                unlabelled.toArray(float[][]::new),
                outputs);
        List<Guess> guesses = new ArrayList<>(unlabelled.size());
        for (int i = 0; i < unlabelled.size(); i++) {
            guesses.add(new Guess(unlabelled.get(i), found.classes()[i], found.margins()[i]));
        }
        List<Guess> used = balanced(guesses, outputs);
        return last.learned(sums(samples, used), rows(samples, used));
    }

    private static Moments sums(DomainSamples samples, List<Guess> used) {
        Moments sums = samples.learned().copy();
        targets(used).addTo(sums);
        return sums;
    }

    private static SampleTargets rows(DomainSamples samples, List<Guess> used) {
        return samples.known().and(targets(used));
    }

    private static SampleTargets targets(List<Guess> guesses) {
        return new SampleTargets(
                LinearTarget.CLASSES,
                guesses.stream().map(Guess::features).toArray(float[][]::new),
                guesses.stream().mapToInt(Guess::output).toArray(),
                new float[0][]);
    }

    /** Returns the linear discriminant of samples, all of whose classes are equally probable. */
    private static LinearWeights discriminant(Moments sums, int outputs) {
        return new Discriminant(ClassPrior.UNIFORM).solve(sums.centred(outputs).comparable());
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
