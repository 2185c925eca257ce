package io.headwater.task.goal;

import io.headwater.domain.Label;
import io.headwater.domain.Label.AnswerSpan;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.OutputActivation;
import io.headwater.engine.OutputLayer;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.PayloadView;
import io.headwater.task.ScoredPrediction;
import io.headwater.task.Target;
import io.headwater.task.goal.AnswerMetrics.Score;
import io.headwater.task.goal.QuestionReader.Passage;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The position of the answer to a question in its context. One softmax is taken over the tokens of all passages of a
 * context, so that their scores can be compared (Clark and Gardner 2018, "Simple and Effective Multi-Paragraph Reading
 * Comprehension", section 3.3). The first token of the first passage stands for "no answer".
 */
public record AnswerGoal() implements Goal {
    private static final List<String> NAMES = List.of("start", "end");
    /** Tokens of the longest answer that is predicted, as in BERT's code. */
    private static final int LONGEST = 30;
    /** The position of an answer that no passage contains; each prediction for it is wrong. */
    private static final Target NOWHERE = Target.of(-1, -1);

    @Override
    public OutputLayer output() {
        return new OutputLayer(new SpanObjective(), true, OutputActivation.NONE);
    }

    @Override
    public List<String> names() {
        return NAMES;
    }

    @Override
    public int numbers() {
        return NAMES.size();
    }

    @Override
    public Outcome<Target> target(PayloadView view, Label label) {
        if (!(label instanceof AnswerSpan span)) {
            return Outcome.rejected(
                    Reason.WRONG_KIND,
                    "label must be of kind answer-span, but is " + label.kind()
                            + "; send it to an adaptation of its kind");
        }
        return position((Question) view, span)
                .then(position -> position.numbers()[0] < 0
                        ? Outcome.rejected(
                                Reason.BAD_LABEL,
                                "an answer must fit into one passage of its context and stand on tokens of the base model,"
                                        + " but '" + shown(span.text()) + "' does not; shorten it")
                        : Outcome.ok(position));
    }

    @Override
    public Outcome<Target> truth(PayloadView view, Label label) {
        return label instanceof AnswerSpan span ? position((Question) view, span) : target(view, label);
    }

    /** Returns the tokens of an answer, {@link #NOWHERE} when no passage contains it, or why it is no answer. */
    private static Outcome<Target> position(Question question, AnswerSpan span) {
        if (span.start() < 0) {
            return Outcome.ok(Target.of(0, 0));
        }
        String context = question.payload().second();
        if (span.text().length() > context.length()) {
            return Outcome.rejected(
                    Reason.BAD_LABEL,
                    "an answer must not be longer than its context, which has " + context.length()
                            + " characters, but has " + span.text().length() + "; correct it");
        }
        int[] points = context.codePoints().toArray();
        int[] answer = span.text().codePoints().toArray();
        int end = span.start() + answer.length;
        if (answer.length == 0
                || end < 0
                || end > points.length
                || !Arrays.equals(Arrays.copyOfRange(points, span.start(), end), answer)) {
            return Outcome.rejected(
                    Reason.BAD_LABEL,
                    "an answer must stand in its context at 'start', counted in code points, but '"
                            + shown(span.text()) + "' does not stand at " + span.start()
                            + "; correct it, or send start -1 where there is no answer");
        }
        int offset = 0;
        int margin = -1;
        Target best = NOWHERE;
        for (Passage passage : question.passages()) {
            int first = first(passage, span.start());
            int last = last(passage, end);
            boolean whole =
                    first >= 0 && last >= first && passage.start(first) <= span.start() && passage.end(last) >= end;
            int around = Math.min(first, passage.count() - 1 - last);
            if (whole && around > margin) {
                margin = around;
                int row = offset + passage.row();
                best = Target.of(row + first, row + last);
            }
            offset += passage.tokens().length();
        }
        return Outcome.ok(best);
    }

    /** The first token that reaches beyond {@code start}; -1 for none. */
    private static int first(Passage passage, int start) {
        for (int i = 0; i < passage.count(); i++) {
            if (passage.end(i) > start) {
                return i;
            }
        }
        return -1;
    }

    /** The last token that begins before {@code end}; -1 for none. */
    private static int last(Passage passage, int end) {
        for (int i = passage.count() - 1; i >= 0; i--) {
            if (passage.start(i) < end) {
                return i;
            }
        }
        return -1;
    }

    private static String shown(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    @Override
    public Answer decode(List<String> names, float[] logits) {
        return new SpanAnswer(logits);
    }

    @Override
    public String scoreName() {
        return "tokenF1";
    }

    /** The logits of a question. Its answer can be read from them where the passages of its context are known. */
    private record SpanAnswer(float[] logits) implements Answer {

        /** F1 of the tokens, of the best span wherever passages begin; 1 where no answer is expected and none predicted. */
        @Override
        public double score(Target expected) {
            int rows = logits.length / NAMES.size();
            int first = (int) expected.numbers()[0];
            int last = (int) expected.numbers()[1];
            if (rows < 2) {
                return first == 0 ? 1 : 0;
            }
            BestAnswer best = BestAnswer.of(List.of(new AnswerWindow(logits, 1, 1, rows - 1)), LONGEST);
            if (!best.isAnswered(0) || first == 0) {
                return !best.isAnswered(0) && first == 0 ? 1 : 0;
            }
            int both = Math.max(0, Math.min(last, best.last()) - Math.max(first, best.first()) + 1);
            return 2.0 * both / (last - first + 1 + best.last() - best.first() + 1);
        }

        @Override
        public Label label(PayloadView view) {
            Question question = (Question) view;
            double noAnswer = Double.POSITIVE_INFINITY;
            BestAnswer best = null;
            Passage holds = null;
            int offset = 0;
            for (Passage passage : question.passages()) {
                int length = NAMES.size() * passage.tokens().length();
                float[] part = Arrays.copyOfRange(logits, offset, offset + length);
                BestAnswer one =
                        BestAnswer.of(List.of(new AnswerWindow(part, passage.row(), 0, passage.count())), LONGEST);
                noAnswer = offset == 0 ? one.noAnswerScore() : noAnswer;
                if (best == null || one.score() > best.score()) {
                    best = one;
                    holds = passage;
                }
                offset += length;
            }
            if (best == null || holds == null || noAnswer > best.score()) {
                return new AnswerSpan(-1, "");
            }
            int start = holds.start(best.first());
            int[] points = question.payload().second().codePoints().toArray();
            return new AnswerSpan(start, new String(points, start, holds.end(best.last()) - start));
        }
    }

    @Override
    public SortedMap<String, Double> metrics(List<ScoredPrediction> scored) {
        AnswerMetrics measured = AnswerMetrics.of(scored.stream()
                .map(one ->
                        Score.of(List.of(one.expected().text()), one.predicted().text()))
                .toList());
        SortedMap<String, Double> metrics = new TreeMap<>();
        metrics.put("exactMatch", measured.exactMatch());
        metrics.put("f1", measured.f1());
        return metrics;
    }
}
