package io.headwater.task.goal;

import io.headwater.task.text.Whitespace;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How well questions were answered, as the script of SQuAD 2.0 counts (Rajpurkar et al. 2018, "Know What You Don't Know");
 * on SQuAD 1.1, its own script counts the same where every answer has more than articles and punctuation. Means are 0 to 1;
 * the scripts print the hundredfold.
 *
 * @param samples questions scored, positive
 * @param exactMatch share of questions whose answer is one of the expected ones, but for case, punctuation, articles and
 *     white space
 * @param f1 mean over the questions of the best F1 of words with one of the expected answers
 */
public record AnswerMetrics(long samples, double exactMatch, double f1) {
    private static final Pattern PUNCTUATION = Pattern.compile("\\p{Punct}");
    // Python's \b: between what is a letter, a number or an underscore and what is not; Java's takes in accents too.
    private static final Pattern ARTICLE = Pattern.compile("(?<![\\p{L}\\p{N}_])(a|an|the)(?![\\p{L}\\p{N}_])");

    /**
     * One question.
     *
     * @param exactMatch 1 or 0
     * @param f1 0 to 1
     */
    public record Score(double exactMatch, double f1) {

        /**
         * The score of one answer: the best with any expected one.
         *
         * @param expected answers; none, or only ones without a word, where the question has no answer
         * @param predicted empty for no answer
         */
        public static Score of(Collection<String> expected, String predicted) {
            List<List<String>> answers = expected.stream()
                    .map(AnswerMetrics::words)
                    .filter(words -> !words.isEmpty())
                    .toList();
            List<String> found = words(predicted);
            if (answers.isEmpty()) {
                double none = found.isEmpty() ? 1 : 0;
                return new Score(none, none);
            }
            double f1 = answers.stream()
                    .mapToDouble(answer -> overlap(answer, found))
                    .max()
                    .orElseThrow();
            return new Score(answers.contains(found) ? 1 : 0, f1);
        }
    }

    /**
     * The metrics of {@code questions}.
     *
     * @throws IllegalArgumentException when there are none
     */
    public static AnswerMetrics of(Collection<Score> questions) {
        ScoredSamples.some(questions);
        return new AnswerMetrics(
                questions.size(),
                questions.stream().mapToDouble(Score::exactMatch).sum() / questions.size(),
                questions.stream().mapToDouble(Score::f1).sum() / questions.size());
    }

    /** The words of an answer in small letters, without punctuation and articles. */
    static List<String> words(String answer) {
        String plain = PUNCTUATION.matcher(answer.toLowerCase(Locale.ROOT)).replaceAll("");
        return Whitespace.words(ARTICLE.matcher(plain).replaceAll(" "));
    }

    /** F1 of two bags of words, of which the first is not empty. */
    private static double overlap(List<String> expected, List<String> predicted) {
        Map<String, Integer> left = new HashMap<>();
        expected.forEach(word -> left.merge(word, 1, Integer::sum));
        int common = 0;
        for (String word : predicted) {
            common += left.merge(word, -1, Integer::sum) >= 0 ? 1 : 0;
        }
        return 2.0 * common / (expected.size() + predicted.size());
    }
}
