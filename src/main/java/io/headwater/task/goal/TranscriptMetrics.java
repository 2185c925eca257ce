package io.headwater.task.goal;

import io.headwater.task.text.Whitespace;
import java.util.Collection;
import java.util.List;

/**
 * Error rates of transcripts, as jiwer 4 computes them: the edits of all texts divided by the length of all references, so
 * that long texts have more weight. A rate may exceed 1. When all references are empty, it is the number of edits. Case and
 * punctuation count; normalise texts beforehand if they should not.
 *
 * @param samples texts scored, positive
 * @param wer word error rate, at least 0
 * @param cer character error rate, at least 0; a space is a character
 */
public record TranscriptMetrics(long samples, double wer, double cer) {

    /**
     * The edits of one text.
     *
     * @param wordEdits words inserted, deleted or replaced
     * @param words in the reference
     * @param characterEdits code points inserted, deleted or replaced
     * @param characters code points in the reference
     */
    public record Edits(long wordEdits, long words, long characterEdits, long characters) {

        /** The edits from {@code expected} to {@code predicted}; leading, trailing and repeated white space is ignored. */
        public static Edits of(String expected, String predicted) {
            List<String> words = Whitespace.wordsBetweenBlanks(expected);
            List<Integer> characters = characters(expected);
            return new Edits(
                    EditDistance.of(words, Whitespace.wordsBetweenBlanks(predicted)),
                    words.size(),
                    EditDistance.of(characters, characters(predicted)),
                    characters.size());
        }

        private static List<Integer> characters(String text) {
            return Whitespace.strip(text).codePoints().boxed().toList();
        }
    }

    /**
     * The metrics of {@code texts}.
     *
     * @throws IllegalArgumentException when there are none
     */
    public static TranscriptMetrics of(Collection<Edits> texts) {
        ScoredSamples.some(texts);
        long words = texts.stream().mapToLong(Edits::words).sum();
        long characters = texts.stream().mapToLong(Edits::characters).sum();
        return new TranscriptMetrics(
                texts.size(),
                (double) texts.stream().mapToLong(Edits::wordEdits).sum() / Math.max(1, words),
                (double) texts.stream().mapToLong(Edits::characterEdits).sum() / Math.max(1, characters));
    }
}
