package io.headwater.task;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The classes that may be the true one. The score of a class is 1 less its probability (Sadinle, Lei and Wasserman,
 * Least Ambiguous Set-Valued Classifiers, 2019), which makes the smallest sets on average. A set is empty when the most
 * probable class is less probable than the true class usually is; only with empty sets is the coverage as configured
 * where more predictions are right than that.
 *
 * @param classes indices of the classes, the most probable first
 */
public record PredictionSet(List<Integer> classes) {

    public PredictionSet {
        classes = List.copyOf(classes);
    }

    /** Returns the score of the class {@code target}; a class that is not among them, for which {@code target} is -1, has the probability 0. */
    public static double score(float[] probabilities, int target) {
        return target < 0 ? 1 : 1 - (double) probabilities[target];
    }

    /**
     * Returns the names of the classes.
     *
     * @param all names of all classes by index
     */
    public List<String> names(List<String> all) {
        return classes.stream().map(all::get).toList();
    }

    /** Returns the classes whose score is at most {@code threshold}. */
    public static PredictionSet of(float[] probabilities, double threshold) {
        return new PredictionSet(IntStream.range(0, probabilities.length)
                .filter(index -> (float) score(probabilities, index) <= threshold)
                .boxed()
                .sorted(Comparator.comparing((Integer index) -> probabilities[index])
                        .reversed())
                .toList());
    }
}
