package io.headwater.task.goal;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How well named entities were found, as conlleval counts (Tjong Kim Sang and De Meulder 2003, "Introduction to the
 * CoNLL-2003 Shared Task"): an entity is right when its first token, its last and its type are. Shares are 0 to 1, 0 where
 * there is nothing to divide by; conlleval prints the hundredfold.
 *
 * @param samples texts scored, positive
 * @param expected entities in the labels
 * @param predicted entities in the predictions
 * @param correct entities in both
 * @param entityPrecision correct / predicted
 * @param entityRecall correct / expected
 * @param entityF1 harmonic mean of both
 */
public record EntityMetrics(
        long samples,
        long expected,
        long predicted,
        long correct,
        double entityPrecision,
        double entityRecall,
        double entityF1) {

    /**
     * The entities of one text.
     *
     * @param expected in the label
     * @param predicted in the prediction
     * @param correct in both
     */
    public record Counts(long expected, long predicted, long correct) {

        /**
         * The counts of one text. As conlleval has it, an {@code I-type} after {@code O} or another type begins an entity.
         *
         * @param expected tags, one a token: {@code O}, {@code B-type} or {@code I-type}
         * @param predicted as many
         * @throws IllegalArgumentException when there are more or fewer
         */
        public static Counts of(List<String> expected, List<String> predicted) {
            if (expected.size() != predicted.size()) {
                throw new IllegalArgumentException("tags must be one a token, but " + expected.size()
                        + " are expected and " + predicted.size() + " predicted; predict each");
            }
            Set<EntitySpan> wanted = new HashSet<>(BioTags.spans(expected));
            Set<EntitySpan> found = new HashSet<>(BioTags.spans(predicted));
            long correct = found.stream().filter(wanted::contains).count();
            return new Counts(wanted.size(), found.size(), correct);
        }
    }

    /**
     * The metrics of {@code texts}.
     *
     * @throws IllegalArgumentException when there are none
     */
    public static EntityMetrics of(Collection<Counts> texts) {
        ScoredSamples.some(texts);
        long expected = texts.stream().mapToLong(Counts::expected).sum();
        long predicted = texts.stream().mapToLong(Counts::predicted).sum();
        long correct = texts.stream().mapToLong(Counts::correct).sum();
        return new EntityMetrics(
                texts.size(),
                expected,
                predicted,
                correct,
                share(correct, predicted),
                share(correct, expected),
                share(2 * correct, expected + predicted));
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
