package io.headwater.task.goal;

import static io.headwater.task.Rejections.assertRejected;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.LimitsConfig;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TaskKind;
import io.headwater.config.TopConfig;
import io.headwater.domain.Label.AnswerSpan;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import io.headwater.ops.Tasks;
import io.headwater.task.Answer;
import io.headwater.task.PayloadView;
import io.headwater.task.ScoredPrediction;
import io.headwater.task.Target;
import io.headwater.task.Task;
import io.headwater.task.text.Tokenizer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AnswerGoalTest {
    private static final int MAX_TOKENS = 24;
    private static final QuestionReader READER = new QuestionReader(
            Tokenizer.whole(TestModels.miniLmInput(MAX_TOKENS)), MAX_TOKENS, false, LimitsConfig.DEFAULT);
    private static final AnswerGoal GOAL = new AnswerGoal();
    private static final QuestionPreparation PREPARATION = new QuestionPreparation(READER);
    private static final StrategyConfig FINE_TUNE =
            new StrategyConfig(StrategyConfig.AUTO, Strategy.FINE_TUNE, 1, PhaseBy.STEPS, 1, TopConfig.DEFAULT);
    private static final String LONG = "Ada wrote the first program 🙂 in 1843, and many more people wrote many more"
            + " programs in the years that came after, in Zürich, in Paris and in Rome, where Grace lives.";

    @Test
    void shouldReadALongContextInPassagesThatFit() {
        ModelInput input = ok(PREPARATION.prepare(new Payload.TextPair("who wrote it?", LONG)));

        assertThat(input).isInstanceOfSatisfying(ModelInput.Passages.class, passages -> {
            assertThat(passages.parts()).hasSizeGreaterThan(2).allSatisfy(part -> {
                assertThat(part.ids().length).isLessThanOrEqualTo(MAX_TOKENS);
                assertThat(part.types()).startsWith(0).endsWith(1);
            });
        });
    }

    /** Every word of the context, found again from the logits that its own target calls for. */
    @Property(tries = 100)
    void shouldReadBackWhatItTaught(@ForAll @IntRange(min = 0, max = 33) int word) {
        PayloadView question = view(new Payload.TextPair("who wrote it?", LONG));
        List<String> words = List.of(LONG.split(" "));
        int from = 0;
        for (int i = 0; i < word % words.size(); i++) {
            from += words.get(i).codePointCount(0, words.get(i).length()) + 1;
        }
        String text = words.get(word % words.size()).replaceAll("[,.]", "");
        AnswerSpan span = new AnswerSpan(from, text);
        Target target = ok(GOAL.target(question, span));

        Answer predicted = GOAL.decode(GOAL.names(), certain(question, target));

        assertThat(predicted.label(question)).isEqualTo(span);
        assertThat(predicted.score(target)).isEqualTo(1);
        assertThat(GOAL.metrics(List.of(new ScoredPrediction(span, predicted.label(question)))))
                .containsEntry("exactMatch", 1.0)
                .containsEntry("f1", 1.0);
    }

    /** Attention above the cut would take tokens of several passages, one after another, for one long text. */
    @Test
    void shouldRejectAContextOfSeveralPassagesWhereTheTopLearns() {
        AdaptationConfig frozen = AdaptationConfig.of("answers", TaskKind.QUESTION_ANSWERING, "short");
        Payload longer = new Payload.TextPair("who wrote it?", LONG);
        Payload shorter = new Payload.TextPair("who wrote it?", "Ada wrote it.");
        try (Task probe = Tasks.of(frozen, shortOne())) {
            ok(probe.preparation().prepare(longer));
        }
        try (Task top = Tasks.of(frozen.withStrategy(FINE_TUNE), shortOne())) {
            ok(top.preparation().prepare(shorter));
            assertRejected(top.preparation().prepare(longer), Reason.TOO_LARGE, "one passage");
            assertRejected(top.target(longer, new AnswerSpan(0, "Ada")), Reason.TOO_LARGE, "linear-probe");
        }
    }

    @Test
    void shouldTellThatThereIsNoAnswer() {
        PayloadView question = view(new Payload.TextPair("who wrote it?", LONG));
        AnswerSpan none = new AnswerSpan(-1, "");
        Target target = ok(GOAL.target(question, none));

        Answer predicted = GOAL.decode(GOAL.names(), certain(question, target));

        assertThat(target.numbers()).containsExactly(0, 0);
        assertThat(predicted.label(question)).isEqualTo(none);
        assertThat(predicted.score(target)).isEqualTo(1);
    }

    @Test
    void shouldScoreAnswersThatNoPassageContains() {
        PayloadView question = view(new Payload.TextPair("who wrote it?", LONG));
        AnswerSpan all = new AnswerSpan(0, LONG);

        assertRejected(GOAL.target(question, all), Reason.BAD_LABEL, "one passage");
        Target truth = ok(GOAL.truth(question, all));
        Target part = ok(GOAL.target(question, new AnswerSpan(0, "Ada")));
        assertThat(GOAL.decode(GOAL.names(), certain(question, part)).score(truth))
                .isZero();
        assertRejected(GOAL.truth(question, new AnswerSpan(0, "Bob")), Reason.BAD_LABEL, "'Bob' does not stand at 0");
    }

    @Test
    void shouldRejectAnswersThatDoNotStandInTheirContext() {
        PayloadView question = view(new Payload.TextPair("who wrote it?", "Ada wrote it."));

        assertRejected(GOAL.target(question, new AnswerSpan(0, "Bob")), Reason.BAD_LABEL, "'Bob' does not stand at 0");
        assertRejected(
                GOAL.target(question, new AnswerSpan(10, "it. And more")), Reason.BAD_LABEL, "does not stand at 10");
        assertRejected(GOAL.target(question, new AnswerSpan(Integer.MAX_VALUE, "x")), Reason.BAD_LABEL, "2147483647");
        assertRejected(GOAL.target(question, new AnswerSpan(3, "")), Reason.BAD_LABEL, "does not stand at 3");
        assertRejected(GOAL.target(question, new ClassLabel("Ada")), Reason.WRONG_KIND, "kind answer-span");
    }

    @Test
    void shouldRejectQuestionsThatLeaveNoRoom() {
        assertRejected(
                PREPARATION.prepare(new Payload.TextPair("why ".repeat(20), "because")),
                Reason.TOO_LARGE,
                "leave room");
        assertRejected(PREPARATION.prepare(new Payload.TextPair(" ", "because")), Reason.BAD_PAYLOAD, "question");
        assertRejected(PREPARATION.prepare(new Payload.TextPair("why", "")), Reason.BAD_PAYLOAD, "context");
        assertRejected(PREPARATION.prepare(new Payload.Text("why")), Reason.WRONG_KIND, "text-pair");
    }

    private static PayloadView view(Payload payload) {
        return ok(PREPARATION.view(payload));
    }

    private static float[] certain(PayloadView question, Target target) {
        int rows = ((Question) question)
                .passages().stream()
                        .mapToInt(passage -> passage.tokens().length())
                        .sum();
        float[] logits = new float[2 * rows];
        logits[2 * (int) target.numbers()[0]] = 10;
        logits[2 * (int) target.numbers()[1] + 1] = 10;
        return logits;
    }

    private static <T> T ok(Outcome<T> outcome) {
        return ((Outcome.Ok<T>) outcome).value();
    }

    /** The real encoder, reading less at once than it could. */
    private static BaseModelManifest shortOne() {
        BaseModelManifest whole = TestModels.miniLm();
        return new BaseModelManifest(
                "short",
                whole.licence(),
                whole.model(),
                TestModels.miniLmInput(MAX_TOKENS),
                whole.cut(),
                whole.pooling(),
                whole.normalise());
    }
}
