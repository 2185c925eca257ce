package io.headwater.domain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the version that served answered to the samples of an evaluation, by class. Its size is bounded, whatever the number of
 * classes and samples is.
 *
 * @param pairs the {@value #MOST_PAIRS} most frequent pairs of classes, right answers included
 * @param bins all answers by their stated probability, in order; tenths without answers are absent
 * @param mistakes the {@value #MOST_MISTAKES} newest mistakes, in order
 */
public record ClassAnswers(List<AnswerPair> pairs, List<ConfidenceBin> bins, List<Mistake> mistakes) {
    /** Number of parts of equal width into which probabilities are divided. */
    public static final int TENTHS = 10;

    /** Maximum number of pairs of classes. */
    public static final int MOST_PAIRS = 100;

    /** Maximum number of mistakes. */
    public static final int MOST_MISTAKES = 10;

    public ClassAnswers {
        pairs = List.copyOf(pairs);
        bins = List.copyOf(bins);
        mistakes = List.copyOf(mistakes);
    }

    /**
     * An answer to a sample.
     *
     * @param offset of the sample on the samples topic; negative when it is not known
     * @param expected class of its label
     * @param predicted class that was answered
     * @param confidence stated probability of the answer, 0 to 1
     */
    public record ClassAnswer(long offset, String expected, String predicted, double confidence) {
        /** Returns whether the answer is right. */
        public boolean isRight() {
            return expected.equals(predicted);
        }
    }

    /**
     * How often a class was answered where another one, or the same, was right.
     *
     * @param samples how often, at least 1
     */
    public record AnswerPair(String expected, String predicted, int samples) {
        /** Puts frequent pairs first; those of equal number by their names. */
        public static final Comparator<AnswerPair> BY_NUMBER = Comparator.comparingInt(AnswerPair::samples)
                .reversed()
                .thenComparing(AnswerPair::expected)
                .thenComparing(AnswerPair::predicted);

        /** Returns whether the answer is right. */
        public boolean isRight() {
            return expected.equals(predicted);
        }
    }

    /**
     * The answers whose stated probability is in one tenth of the range from 0 to 1, without its lower bound and with its upper.
     *
     * @param tenth which one, 0 to 9
     * @param samples number of answers, at least 1
     * @param right number of right ones
     * @param confidence sum of their stated probabilities
     */
    public record ConfidenceBin(int tenth, int samples, int right, double confidence) {
        public ConfidenceBin {
            if (tenth < 0 || tenth >= TENTHS || samples < 1 || right < 0 || right > samples) {
                throw new IllegalArgumentException(
                        "a bin must be one of %d and have as many right answers as samples at most, but has the number %d, %d samples and %d right answers"
                                .formatted(TENTHS, tenth, samples, right));
            }
        }

        /** Returns the answers of both, which are in the same tenth. */
        public ConfidenceBin with(ConfidenceBin other) {
            return new ConfidenceBin(
                    tenth, samples + other.samples, right + other.right, confidence + other.confidence);
        }
    }

    /**
     * A sample for which a wrong class was answered.
     *
     * @param offset of the sample on the samples topic, in the partition of its lane
     * @param expected class of its label
     * @param predicted class that was answered
     * @param confidence stated probability of the answer, 0 to 1
     */
    public record Mistake(long offset, String expected, String predicted, double confidence) {}

    /** Counts answers, in the order of their samples. */
    public static ClassAnswers of(List<ClassAnswer> answers) {
        Map<List<String>, Integer> counts = new HashMap<>();
        ConfidenceBin[] bins = new ConfidenceBin[TENTHS];
        List<Mistake> mistakes = new ArrayList<>();
        for (ClassAnswer one : answers) {
            counts.merge(List.of(one.expected(), one.predicted()), 1, Integer::sum);
            int tenth = Math.max(0, Math.min(TENTHS - 1, (int) Math.ceil(one.confidence() * TENTHS) - 1));
            ConfidenceBin bin = new ConfidenceBin(tenth, 1, one.isRight() ? 1 : 0, one.confidence());
            bins[tenth] = bins[tenth] == null ? bin : bins[tenth].with(bin);
            if (!one.isRight() && one.offset() >= 0) {
                mistakes.add(new Mistake(one.offset(), one.expected(), one.predicted(), one.confidence()));
            }
        }
        List<AnswerPair> pairs = counts.entrySet().stream()
                .map(one -> new AnswerPair(one.getKey().get(0), one.getKey().get(1), one.getValue()))
                .sorted(AnswerPair.BY_NUMBER)
                .limit(MOST_PAIRS)
                .toList();
        List<ConfidenceBin> found = new ArrayList<>();
        for (ConfidenceBin bin : bins) {
            if (bin != null) {
                found.add(bin);
            }
        }
        return new ClassAnswers(
                pairs, found, mistakes.subList(Math.max(0, mistakes.size() - MOST_MISTAKES), mistakes.size()));
    }
}
