package io.headwater.board;

import io.headwater.domain.ClassAnswers;
import io.headwater.domain.ClassAnswers.AnswerPair;
import io.headwater.domain.ClassAnswers.ConfidenceBin;
import io.headwater.domain.Evaluation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Counts what served a lane answered, on its newest {@value #HALF} to twice as many samples: when so many are counted, they take the
 * place of those before them. Bounded, whatever the number of classes is. Not thread-safe.
 */
final class AnswerTally {
    static final int HALF = 500;

    /** Maximum number of different pairs of classes in each half. */
    static final int PAIRS = 200;

    static final int MISTAKES = 20;

    private final Deque<MistakeRow> mistakes = new ArrayDeque<>();
    private Half former = new Half();
    private Half newest = new Half();

    /** The answers to some successive samples. */
    private static final class Half {
        private final Map<List<String>, AnswerPair> pairs = new HashMap<>();
        private final Map<Integer, ConfidenceBin> bins = new TreeMap<>();
        private int samples;

        void add(ClassAnswers answers) {
            for (AnswerPair pair : answers.pairs()) {
                List<String> key = List.of(pair.expected(), pair.predicted());
                if (pairs.containsKey(key) || pairs.size() < PAIRS) {
                    pairs.merge(key, pair, AnswerTally::sum);
                }
            }
            for (ConfidenceBin bin : answers.bins()) {
                bins.merge(bin.tenth(), bin, ConfidenceBin::with);
                samples += bin.samples();
            }
        }
    }

    private static AnswerPair sum(AnswerPair one, AnswerPair other) {
        return new AnswerPair(one.expected(), one.predicted(), one.samples() + other.samples());
    }

    void add(ClassAnswers answers, Evaluation evaluation) {
        newest.add(answers);
        if (newest.samples >= HALF) {
            former = newest;
            newest = new Half();
        }
        Long champion = evaluation.champion();
        answers.mistakes().forEach(mistake -> {
            mistakes.addLast(MistakeRow.of(mistake, evaluation.at(), champion == null ? 0 : champion));
            if (mistakes.size() > MISTAKES) {
                mistakes.removeFirst();
            }
        });
    }

    ClassReport report() {
        Map<List<String>, AnswerPair> pairs = new HashMap<>(former.pairs);
        newest.pairs.forEach((key, pair) -> pairs.merge(key, pair, AnswerTally::sum));
        Map<Integer, ConfidenceBin> bins = new TreeMap<>(former.bins);
        newest.bins.forEach((tenth, bin) -> bins.merge(tenth, bin, ConfidenceBin::with));
        Stream<AnswerPair> sorted = pairs.values().stream().sorted(AnswerPair.BY_NUMBER);
        return new ClassReport(
                former.samples + newest.samples, sorted.toList(), List.copyOf(bins.values()), List.copyOf(mistakes));
    }
}
