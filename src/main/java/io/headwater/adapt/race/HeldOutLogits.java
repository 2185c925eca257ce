package io.headwater.adapt.race;

import io.headwater.adapt.memory.StoredSample;
import io.headwater.engine.closed.LinearWeights;
import io.headwater.engine.closed.Moments;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Logits of samples in memory by weights that were computed without them, in cross-validation.
 *
 * @param logits logits of each rule for each row, [rules][rows][classes]
 * @param classes class of each row
 * @param weights number of rows of the window that each row stands for
 */
record HeldOutLogits(float[][][] logits, int[] classes, double[] weights) {
    /** Number of parts, each of which is held out once. */
    static final int FOLDS = 4;

    /** The most rows for which logits are computed, and the most logits of a rule. */
    private static final int MOST_ROWS = 2000;

    private static final int MOST_LOGITS = 1_000_000;

    /**
     * Computes the logits. Rows of classes that occur only among the rows that are held out together are left out: weights
     * without any sample of a class say nothing about how certain those with some are.
     *
     * @param memory the samples of the window that are in memory, grouped by stratum, so that each fold has its share
     * @param outputs number of outputs
     */
    static HeldOutLogits of(List<Rule> rules, Window window, List<StoredSample> memory, int outputs) {
        List<List<float[]>> logits = new ArrayList<>();
        rules.forEach(rule -> logits.add(new ArrayList<>()));
        List<Integer> classes = new ArrayList<>();
        int most = Math.max(1, Math.min(MOST_ROWS, MOST_LOGITS / outputs) / FOLDS);
        for (int fold = 0; fold < FOLDS; fold++) {
            List<StoredSample> out = fold(memory, fold, true);
            Moments rest = window.without(out);
            if (out.isEmpty() || rest.isEmpty()) {
                continue;
            }
            SampleTargets known = window.targets(out)
                    .atMost(most)
                    .ofClasses(rest.centred(outputs).targetMean());
            SampleTargets learned = window.targets(fold(memory, fold, false));
            List<LinearWeights> weights = Rule.solve(rules, rest, learned, outputs);
            for (int i = 0; i < rules.size(); i++) {
                for (float[] row : known.features()) {
                    logits.get(i).add(weights.get(i).logits(row));
                }
            }
            IntStream.of(known.classes()).forEach(classes::add);
        }
        int[] ofRows = classes.stream().mapToInt(Integer::intValue).toArray();
        return new HeldOutLogits(
                logits.stream().map(one -> one.toArray(float[][]::new)).toArray(float[][][]::new),
                ofRows,
                weights(ofRows, window.moments().centred(outputs).targetMean()));
    }

    private static List<StoredSample> fold(List<StoredSample> samples, int fold, boolean inside) {
        return IntStream.range(0, samples.size())
                .filter(i -> (i % FOLDS == fold) == inside)
                .mapToObj(samples::get)
                .toList();
    }

    /** Returns weights with which the rows have the frequencies of the classes in the window. */
    private static double[] weights(int[] classes, double[] frequencies) {
        int[] counts = new int[frequencies.length];
        IntStream.of(classes).forEach(one -> counts[one]++);
        return IntStream.of(classes)
                .mapToDouble(one -> frequencies[one] / counts[one] * classes.length)
                .toArray();
    }

    int rows() {
        return classes.length;
    }
}
