package io.headwater.task.goal;

import io.headwater.config.LimitsConfig;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.task.text.TextChecks;
import io.headwater.task.text.Tokenizer;
import io.headwater.task.text.Tokenizer.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Divides the context of a question into passages. Each passage holds the question and as much of the context as the base
 * model accepts, and overlaps by half with the passage before (Devlin et al. 2019, "BERT", section 4.2, and its code). Safe
 * for use by several threads.
 */
public final class QuestionReader implements AutoCloseable {
    private static final int LEAST_ROOM = 8;

    private final Tokenizer tokenizer;
    private final int maxTokens;
    private final boolean onePassage;
    private final LimitsConfig limits;
    private final int specials;

    /**
     * A reader that owns {@code tokenizer}, which must not truncate texts.
     *
     * @param maxTokens that the base model accepts
     * @param onePassage whether a context that needs several passages is rejected, because trainable nodes above a cut would
     *     read their tokens as those of one long text
     */
    public QuestionReader(Tokenizer tokenizer, int maxTokens, boolean onePassage, LimitsConfig limits) {
        this.tokenizer = tokenizer;
        this.maxTokens = maxTokens;
        this.onePassage = onePassage;
        this.limits = limits;
        this.specials = tokenizer.tokens("", "").length();
    }

    /**
     * A question with a part of its context.
     *
     * @param tokens of both
     * @param row of the first token of the context
     * @param count tokens of the context, positive
     * @param offset code points of the context before the part
     */
    record Passage(Tokens tokens, int row, int count, int offset) {

        /** Where a token of the part begins in the context, in code points. */
        int start(int token) {
            return offset + tokens.starts()[row + token];
        }

        /** Where a token of the part ends in the context, in code points. */
        int end(int token) {
            return offset + tokens.ends()[row + token];
        }
    }

    /** The passages of a question, or why it cannot be used. */
    Outcome<List<Passage>> passages(Payload payload) {
        if (!(payload instanceof Payload.TextPair pair)) {
            return Outcome.rejected(
                    Reason.WRONG_KIND,
                    "payload must be of kind text-pair, a question and its context, but is " + payload.kind()
                            + "; send it to an adaptation of its kind");
        }
        return usable("question", pair.first())
                .then(question -> usable("context", pair.second()))
                .then(context -> passages(pair.first(), context));
    }

    private Outcome<String> usable(String what, String text) {
        return TextChecks.usable(what, text, limits).then(checked -> tokenizer.fits(what, checked));
    }

    private Outcome<List<Passage>> passages(String question, String context) {
        Tokens whole = tokenizer.tokens(context);
        int[] real = real(whole);
        int asked = real(tokenizer.tokens(question)).length;
        int room = maxTokens - asked - specials;
        if (asked == 0 || real.length == 0) {
            return Outcome.rejected(
                    Reason.BAD_PAYLOAD,
                    "question and context must each hold a token of the base model, but one holds none");
        }
        if (room < LEAST_ROOM) {
            return Outcome.rejected(
                    Reason.TOO_LARGE,
                    "a question must leave room for " + LEAST_ROOM + " tokens of its context beside it, but has "
                            + asked + " of the " + maxTokens + " that the base model takes; shorten it");
        }
        List<Passage> passages = new ArrayList<>();
        int[] points = context.codePoints().toArray();
        for (int from = 0; from < real.length; from = from + Math.max(1, room / 2)) {
            int to = Math.min(real.length, from + room);
            int offset = whole.starts()[real[from]];
            Passage passage = passage(question, points, offset, whole.ends()[real[to - 1]]);
            // At the edge of a passage, a word may be divided into more tokens than within the whole context.
            while (passage.tokens().length() > maxTokens && to - 1 > from) {
                to--;
                passage = passage(question, points, offset, whole.ends()[real[to - 1]]);
            }
            if (passage.count() > 0 && passage.tokens().length() <= maxTokens) {
                passages.add(passage);
            }
            if (to == real.length) {
                break;
            }
        }
        if (onePassage && passages.size() > 1) {
            return Outcome.rejected(
                    Reason.TOO_LARGE,
                    "a context must fit into one passage where an unfrozen top reads it, but beside this question there is"
                            + " room for " + room + " of its " + real.length
                            + " tokens; shorten it, or choose training.strategy linear-probe, which reads several");
        }
        return Outcome.ok(passages);
    }

    private Passage passage(String question, int[] context, int from, int to) {
        Tokens tokens = tokenizer.tokens(question, new String(context, from, to - from));
        int row = 0;
        while (row < tokens.length() && tokens.texts()[row] != 1) {
            row++;
        }
        int count = 0;
        while (row + count < tokens.length() && tokens.texts()[row + count] == 1) {
            count++;
        }
        return new Passage(tokens, row, count, from);
    }

    /** The tokens that are not special. */
    private static int[] real(Tokens tokens) {
        int[] real = new int[tokens.length()];
        int count = 0;
        for (int i = 0; i < real.length; i++) {
            if (tokens.texts()[i] >= 0) {
                real[count++] = i;
            }
        }
        return Arrays.copyOf(real, count);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
