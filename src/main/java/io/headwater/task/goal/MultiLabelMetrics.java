package io.headwater.task.goal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How well sets of classes were predicted. The means are over the classes that are expected at least once; without any, all
 * three metrics are 0, as in scikit-learn.
 *
 * @param samples scored, positive
 * @param microF1 2TP / (2TP + FP + FN) over all samples and classes, also those never expected, 0 to 1
 * @param macroF1 mean over the classes of the F1 of each, 0 to 1
 * @param meanAveragePrecision mean over the classes of average precision, 0 to 1: the precisions at each threshold, weighted
 *     by the increase of the recall there, without interpolation (scikit-learn's {@code average_precision_score})
 */
public record MultiLabelMetrics(long samples, double microF1, double macroF1, double meanAveragePrecision) {
    /** A class is predicted whose probability is higher. */
    public static final double THRESHOLD = 0.5;

    /**
     * One scored sample.
     *
     * @param expected classes
     * @param probabilities by class, 0 to 1; a class that is not there has 0
     */
    public record Pair(Set<String> expected, Map<String, ? extends Number> probabilities) {
        private double probability(String name) {
            Number probability = probabilities.get(name);
            return probability == null ? 0 : probability.doubleValue();
        }
    }

    /**
     * The metrics of {@code pairs}.
     *
     * @throws IllegalArgumentException when there are none, or a probability is not finite
     */
    public static MultiLabelMetrics of(Collection<Pair> pairs) {
        ScoredSamples.some(pairs);
        SortedSet<String> expected = new TreeSet<>();
        SortedSet<String> all = new TreeSet<>();
        long marks = 0;
        for (Pair pair : pairs) {
            pair.probabilities().values().forEach(value -> ScoredSamples.finite(value.doubleValue()));
            expected.addAll(pair.expected());
            all.addAll(pair.probabilities().keySet());
        }
        double macro = 0;
        double precision = 0;
        // There can be many classes that no prediction has, and each of them is always wrong: its F1 is 0, and its
        // average
        // precision is its share of the samples.
        for (Pair pair : pairs) {
            long never =
                    pair.expected().stream().filter(name -> !all.contains(name)).count();
            marks += never;
            precision += (double) never / pairs.size();
        }
        F1 micro = new F1(0, marks);
        for (String name : all) {
            F1 one = f1(pairs, name);
            micro = new F1(micro.hits() + one.hits(), micro.marks() + one.marks());
            if (expected.contains(name)) {
                macro += one.value();
                precision += averagePrecision(pairs, name);
            }
        }
        int classes = Math.max(1, expected.size());
        return new MultiLabelMetrics(pairs.size(), micro.value(), macro / classes, precision / classes);
    }

    /**
     * Counts of an F1.
     *
     * @param hits expected and predicted
     * @param marks how often expected plus how often predicted, which is 2TP + FP + FN
     */
    private record F1(long hits, long marks) {
        double value() {
            return marks == 0 ? 0 : 2.0 * hits / marks;
        }
    }

    private static F1 f1(Collection<Pair> pairs, String name) {
        long hits = 0;
        long marks = 0;
        for (Pair pair : pairs) {
            boolean isExpected = pair.expected().contains(name);
            boolean isPredicted = pair.probability(name) > THRESHOLD;
            hits += isExpected && isPredicted ? 1 : 0;
            marks += (isExpected ? 1 : 0) + (isPredicted ? 1 : 0);
        }
        return new F1(hits, marks);
    }

    private static double averagePrecision(Collection<Pair> pairs, String name) {
        List<Pair> ranked = new ArrayList<>(pairs);
        ranked.sort(Comparator.comparingDouble((Pair pair) -> pair.probability(name))
                .reversed());
        long found = 0;
        long counted = 0;
        double sum = 0;
        for (int i = 0; i < ranked.size(); i++) {
            found += ranked.get(i).expected().contains(name) ? 1 : 0;
            boolean isTied = i + 1 < ranked.size()
                    && ranked.get(i).probability(name) == ranked.get(i + 1).probability(name);
            // A threshold cannot separate equal probabilities.
            if (!isTied) {
                sum += (double) (found - counted) * found / (i + 1);
                counted = found;
            }
        }
        return sum / found;
    }
}
