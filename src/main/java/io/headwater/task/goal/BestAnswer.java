package io.headwater.task.goal;

import java.util.List;

/**
 * The span of a context with the highest score as an answer (Devlin et al. 2019, "BERT", sections 4.2 and 4.3).
 *
 * @param first token of the context
 * @param last token, not before the first
 * @param score start logit of the first plus end logit of the last
 * @param noAnswerScore the smallest sum of the logits of row 0 over the windows
 */
record BestAnswer(int first, int last, double score, double noAnswerScore) {

    /**
     * The best answer. Of equals, the first found.
     *
     * @param windows of one context, in order, with at least one token among them
     * @param longest tokens that an answer may have, positive
     */
    static BestAnswer of(List<AnswerWindow> windows, int longest) {
        double noAnswer = Double.POSITIVE_INFINITY;
        double score = Double.NEGATIVE_INFINITY;
        int first = -1;
        int last = -1;
        for (AnswerWindow window : windows) {
            float[] logits = window.logits();
            noAnswer = Math.min(noAnswer, (double) logits[0] + logits[1]);
            for (int from = 0; from < window.tokens(); from++) {
                // As a long, because 'longest' may be the largest int.
                int bound = (int) Math.min(window.tokens(), (long) from + longest);
                for (int to = from; to < bound; to++) {
                    double sum = (double) logits[2 * (window.row() + from)] + logits[2 * (window.row() + to) + 1];
                    if (sum > score) {
                        score = sum;
                        first = window.token() + from;
                        last = window.token() + to;
                    }
                }
            }
        }
        if (first < 0) {
            throw new IllegalArgumentException("an answer needs a token to be in, but " + windows.size()
                    + " windows and a length of " + longest + " leave none; reject an empty context beforehand");
        }
        return new BestAnswer(first, last, score, noAnswer);
    }

    /**
     * Whether the span is a better answer than none.
     *
     * @param threshold by how much "no answer" must score higher than the span to be chosen; 0 or more
     */
    boolean isAnswered(double threshold) {
        return noAnswerScore - score <= threshold;
    }
}
