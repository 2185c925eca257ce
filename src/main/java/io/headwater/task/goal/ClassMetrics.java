package io.headwater.task.goal;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How well classes were predicted.
 *
 * @param samples scored, positive
 * @param accuracy share of samples whose predicted class is the expected one, 0 to 1
 * @param macroF1 unweighted mean of F1 over the classes that occur among the expected ones, 0 to 1; F1 of a class is 2TP
 *     / (2TP + FP + FN), so a class that is never predicted has F1 0; a class that is never expected is not in the mean, but
 *     its predictions lower the F1 of the expected classes
 * @param confusion expected class to predicted class to number of samples; pairs that do not occur are absent
 */
public record ClassMetrics(
        long samples, double accuracy, double macroF1, SortedMap<String, SortedMap<String, Long>> confusion) {

    /** One scored sample. */
    public record Pair(String expected, String predicted) {}

    /**
     * The metrics of {@code pairs}.
     *
     * @throws IllegalArgumentException when there are none
     */
    public static ClassMetrics of(Collection<Pair> pairs) {
        if (pairs.isEmpty()) {
            throw new IllegalArgumentException("metrics need at least one scored sample, but got none");
        }
        SortedMap<String, SortedMap<String, Long>> confusion = new TreeMap<>();
        TreeMap<String, Long> predicted = new TreeMap<>();
        for (Pair pair : pairs) {
            confusion
                    .computeIfAbsent(pair.expected(), expected -> new TreeMap<>())
                    .merge(pair.predicted(), 1L, Long::sum);
            predicted.merge(pair.predicted(), 1L, Long::sum);
        }
        double sumOfF1 = 0;
        long right = 0;
        for (var row : confusion.entrySet()) {
            long hits = row.getValue().getOrDefault(row.getKey(), 0L);
            long expected =
                    row.getValue().values().stream().mapToLong(Long::longValue).sum();
            // 2TP + FP + FN is how often the class was expected plus how often it was predicted.
            sumOfF1 += 2.0 * hits / (expected + predicted.getOrDefault(row.getKey(), 0L));
            right += hits;
        }
        confusion.replaceAll((expected, row) -> Collections.unmodifiableSortedMap(row));
        return new ClassMetrics(
                pairs.size(),
                (double) right / pairs.size(),
                sumOfF1 / confusion.size(),
                Collections.unmodifiableSortedMap(confusion));
    }
}
