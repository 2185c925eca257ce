package io.headwater.task.goal;

import static io.headwater.task.Rejections.assertRejected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Label.TokenTags;
import io.headwater.domain.Limits;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.TestModels;
import io.headwater.task.Answer;
import io.headwater.task.PayloadView;
import io.headwater.task.ScoredPrediction;
import io.headwater.task.Target;
import io.headwater.task.text.TokenizedText;
import io.headwater.task.text.Tokenizer;
import io.headwater.task.text.Whitespace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TagGoalTest {
    private static final Tokenizer TOKENIZER = Tokenizer.open(TestModels.miniLmInput(16));
    private static final List<String> NAMES = List.of("O", "B-place", "I-place");
    private static final TagGoal GOAL = new TagGoal(NAMES, 0);

    /** [CLS] unbelievable ##ness in 🙂 new york [SEP]. */
    @Test
    void shouldTeachTheFirstPieceOfEachWord() {
        PayloadView text = text("unbelievableness in 🙂 new york");
        List<String> words = List.of("unbelievableness", "in", "🙂", "new", "york");

        Target target = target(text, new TokenTags(words, List.of("O", "O", "O", "B-place", "I-place")));

        assertThat(target.symbols()).containsExactly("", "O", "", "O", "O", "B-place", "I-place", "");
        assertThat(target.code(NAMES::indexOf)).containsExactly(-1, 0, -1, 0, 0, 1, 2, -1);
    }

    @Test
    void shouldReadBackWhatItTaught() {
        PayloadView text = text("flights to new york from unbelievableness");
        List<String> words = List.of("flights", "to", "new", "york", "from", "unbelievableness");
        TokenTags tags = new TokenTags(words, List.of("O", "O", "B-place", "I-place", "O", "B-place"));
        Target target = target(text, tags);

        Answer predicted = GOAL.decode(NAMES, certain(target));

        assertThat(predicted.label(text)).isEqualTo(tags);
        assertThat(predicted.score(target)).isEqualTo(1);
        assertThat(GOAL.metrics(List.of(new ScoredPrediction(tags, predicted.label(text)))))
                .containsEntry("entityF1", 1.0);
    }

    @Test
    void shouldSayNothingOfWordsThatTheModelDoesNotRead() {
        List<String> words = Collections.nCopies(40, "york");
        PayloadView text = text(String.join(" ", words));
        Target target = target(text, new TokenTags(words, Collections.nCopies(40, "B-place")));

        TokenTags answer = (TokenTags) GOAL.decode(NAMES, certain(target)).label(text);

        assertThat(answer.tokens()).isEqualTo(words);
        assertThat(answer.tags()).startsWith("B-place").endsWith("O").hasSize(40);
        assertThat(Collections.frequency(answer.tags(), "B-place")).isEqualTo(14);
    }

    /** The likeliest tag of each word alone would be O, I-place. */
    @Test
    void shouldAnswerWithTagsThatMayFollowEachOther() {
        PayloadView text = text("in york");
        float[] logits = {9, 0, 0, 2, 0, 1, 0, 1, 3, 9, 0, 0};

        TokenTags answer = (TokenTags) GOAL.decode(NAMES, logits).label(text);

        assertThat(answer.tags()).containsExactly("O", "B-place");
    }

    @Test
    void shouldRejectTagsThatDoNotMatchTheWords() {
        PayloadView text = text("in new york");

        assertRejected(
                GOAL.target(text, new TokenTags(List.of("in", "new york"), List.of("O", "B-place"))),
                Reason.BAD_LABEL,
                "each of the 3 words");
        assertRejected(
                GOAL.target(text, new TokenTags(List.of("in", "new", "york"), List.of("O", "O", "B-person"))),
                Reason.BAD_LABEL,
                "'B-person'");
        PayloadView pair = new TokenizedText(new Payload.TextPair("in", "york"), TOKENIZER.tokens("in", "york"));
        assertRejected(GOAL.target(text, new ClassLabel("O")), Reason.WRONG_KIND, "kind token-tags");
        assertRejected(GOAL.target(pair, new TokenTags(List.of(), List.of())), Reason.WRONG_KIND, "text-pair");
        assertThatThrownBy(() -> new TagGoal(List.of("O", "place"), 0)).hasMessageContaining("'place'");
    }

    @Test
    void shouldScoreTagsThatCannotBePredicted() {
        PayloadView text = text("in new york");
        TokenTags tags = new TokenTags(List.of("in", "new", "york"), List.of("B-time", "B-place", "I-place"));

        Target truth = ((Outcome.Ok<Target>) GOAL.truth(text, tags)).value();
        Answer predicted = GOAL.decode(
                NAMES, certain(target(text, new TokenTags(tags.tokens(), List.of("O", "B-place", "I-place")))));

        assertThat(predicted.score(truth)).isEqualTo(2.0 / 3);
        assertThat(GOAL.metrics(List.of(new ScoredPrediction(tags, predicted.label(text)))))
                .containsEntry("entityPrecision", 1.0)
                .containsEntry("entityRecall", 0.5);
        assertRejected(
                GOAL.truth(text, new TokenTags(tags.tokens(), List.of("O", "O", "place"))),
                Reason.BAD_LABEL,
                "'place'");
    }

    /** The label of a sample keeps the scheme of its producer. */
    @ParameterizedTest
    @CsvSource({
        "I-place I-place O I-place",
        "B-place I-place O B-place",
        "B-place E-place O S-place",
        "B-place L-place O U-place"
    })
    void shouldMeasureTheEntitiesOfEveryScheme(String tags) {
        List<String> words = List.of("new", "york", "and", "york");
        TokenTags label = new TokenTags(words, List.of(tags.split(" ")));
        TokenTags predicted = new TokenTags(words, List.of("B-place", "I-place", "O", "B-place"));

        assertThat(GOAL.metrics(List.of(new ScoredPrediction(label, predicted))))
                .containsEntry("entityF1", 1.0);
    }

    @ParameterizedTest
    @CsvSource({
        "IOB1, I-place I-place O I-place B-place I-place",
        "IOB2, B-place I-place O B-place B-place I-place",
        "IOBES, B-place E-place O S-place B-place E-place",
        "BILOU, B-place L-place O U-place B-place L-place",
        "BMES, B-place E-place O S-place B-place M-place"
    })
    void shouldLearnTheTagsOfEveryScheme(String scheme, String tags) {
        List<String> words = List.of("new", "york", "and", "york", "new", "york");

        for (TagGoal goal : List.of(GOAL, new TagGoal(List.of(), 0))) {
            Outcome<Target> target =
                    goal.target(text(String.join(" ", words)), new TokenTags(words, List.of(tags.split(" "))));

            assertThat(((Outcome.Ok<Target>) target).value().symbols())
                    .as(scheme)
                    .containsExactly("", "B-place", "I-place", "O", "B-place", "B-place", "I-place", "");
        }
    }

    /** What IOB1 leaves a model without a B-type to learn could never be said: an I-type only followed its own type. */
    @Test
    void shouldSayEntitiesOfATypeThatIsConfiguredWithoutABeginning() {
        List<String> names = List.of("O", "I-place");
        TagGoal goal = new TagGoal(names, 0);
        PayloadView text = text("in york");
        TokenTags tags = new TokenTags(List.of("in", "york"), List.of("O", "I-place"));

        assertThat(((Outcome.Ok<Target>) goal.target(text, tags)).value().symbols())
                .containsExactly("", "O", "I-place", "");
        Answer answer = goal.decode(names, new float[] {0, 0, 9, 0, 0, 9, 0, 0});
        assertThat(answer.label(text)).isEqualTo(tags);
    }

    @Test
    void shouldNameTheTagsOfAnotherSchemeInAConfiguration() {
        assertThatThrownBy(() -> new TagGoal(List.of("O", "S-place", "B-place"), 0))
                .hasMessageContaining("'S-place'")
                .hasMessageContaining("list those of IOB2");
    }

    @Test
    void shouldRejectATagThatIsTooLongForAnEvent() {
        PayloadView text = text("york");
        String longest = "B-" + "x".repeat(Limits.NAME - 2);

        TagGoal any = new TagGoal(List.of(), 0);
        assertThat(any.target(text, new TokenTags(List.of("york"), List.of(longest))))
                .isInstanceOf(Outcome.Ok.class);
        assertRejected(
                any.target(text, new TokenTags(List.of("york"), List.of("B-" + "x".repeat(9 << 20)))),
                Reason.BAD_LABEL,
                "a tag must have at most 200 characters");
    }

    @Property(tries = 200)
    void shouldTeachEachWordThatItReadsOnce(
            @ForAll @Size(min = 1, max = 12)
                    List<@StringLength(min = 1, max = 8) @CharRange(from = '!', to = 'ɏ') String> drawn) {
        List<String> words = drawn.stream()
                .map(word -> word.codePoints()
                        .filter(point -> !Whitespace.is(point))
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString())
                .filter(word -> !word.isEmpty())
                .toList();
        List<String> tags = new ArrayList<>(Collections.nCopies(words.size(), "B-place"));

        Outcome<Target> outcome = GOAL.target(text(String.join(" ", words)), new TokenTags(words, tags));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Ok.class, ok -> {
            List<String> symbols = ((Target) ok.value()).symbols();
            assertThat(Collections.frequency(symbols, "B-place")).isLessThanOrEqualTo(words.size());
            assertThat(symbols.get(0)).isEmpty();
        });
    }

    private static PayloadView text(String text) {
        return new TokenizedText(new Payload.Text(text), TOKENIZER.tokens(text));
    }

    private static Target target(PayloadView text, TokenTags tags) {
        return ((Outcome.Ok<Target>) GOAL.target(text, tags)).value();
    }

    /** Logits that leave no doubt of {@code target}. */
    private static float[] certain(Target target) {
        float[] logits = new float[target.symbols().size() * NAMES.size()];
        for (int row = 0; row < target.symbols().size(); row++) {
            int name = NAMES.indexOf(target.symbols().get(row));
            if (name >= 0) {
                logits[row * NAMES.size() + name] = 10;
            }
        }
        return logits;
    }
}
