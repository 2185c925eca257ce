package io.headwater.domain;

import java.util.List;

/** The outcomes that may be true besides the predicted one: a set of classes or tags, or an interval of numbers. */
public sealed interface PredictionRegion {

    /** Returns the fraction of regions that should contain the truth, above 0 and below 1. */
    double coverage();

    /**
     * Classes. For tasks with several classes for an input, they are those among which all true ones are.
     *
     * @param names the most probable class first
     */
    record ClassSet(double coverage, List<String> names) implements PredictionRegion {
        public ClassSet {
            names = List.copyOf(names);
        }
    }

    /**
     * Tags of each word.
     *
     * @param words for each word its tags, the most probable one first
     */
    record TagSets(double coverage, List<List<String>> words) implements PredictionRegion {
        public TagSets {
            words = words.stream().map(List::copyOf).toList();
        }
    }

    /**
     * Numbers.
     *
     * @param values an interval for each number
     */
    record Intervals(double coverage, List<PredictionInterval> values) implements PredictionRegion {
        public Intervals {
            values = List.copyOf(values);
        }
    }
}
