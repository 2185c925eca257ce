package io.headwater.task.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.LimitsConfig;
import io.headwater.domain.Label;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import io.headwater.task.Preparation;
import io.headwater.task.Rejections;
import io.headwater.task.goal.ClassLabels;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextPreparationTest {
    private static Preparation preparation;

    @BeforeAll
    static void open() {
        Tokenizer tokenizer = Tokenizer.open(TestModels.miniLmInput(256));
        preparation = new TextPreparation(tokenizer, new LimitsConfig(20, 1, 1, 1, 1, 10));
    }

    @AfterAll
    static void close() {
        preparation.close();
    }

    @Test
    void shouldMakeTokensOfText() {
        assertThat(preparation.prepare(new Payload.Text("the movie")))
                .isInstanceOfSatisfying(
                        Outcome.Ok.class,
                        ok -> assertThat(ok.value())
                                .isInstanceOfSatisfying(
                                        ModelInput.Tokens.class,
                                        tokens -> assertThat(tokens.ids()).containsExactly(101, 1996, 3185, 102)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  \t\n", "\u0001\u0002", "\u200b", "half \ud83d of a pair"})
    void shouldRejectTextThatHoldsNothing(String text) {
        Rejections.assertRejected(preparation.prepare(new Payload.Text(text)), Reason.BAD_PAYLOAD, "text must");
    }

    @Test
    void shouldCountBytesOfUtf8() {
        assertThat(preparation.prepare(new Payload.Text("ab é 北 🙂 ........."))).isInstanceOf(Outcome.Rejected.class);
        assertThat(preparation.prepare(new Payload.Text("🙂".repeat(5)))).isInstanceOf(Outcome.Ok.class);
        Rejections.assertRejected(
                preparation.prepare(new Payload.Text("北".repeat(7))), Reason.TOO_LARGE, "at most 20 bytes, but has 21");
    }

    @Test
    void shouldReadPairsAndRejectOtherKindsOfPayload() {
        Rejections.assertRejected(
                preparation.prepare(new Payload.EncodedImage(new byte[3])), Reason.WRONG_KIND, "but is image");
        assertThat(preparation.prepare(new Payload.TextPair("the", "movie")))
                .isInstanceOfSatisfying(
                        Outcome.Ok.class,
                        ok -> assertThat(ok.value()).isInstanceOfSatisfying(ModelInput.Tokens.class, tokens -> {
                            assertThat(tokens.ids()).containsExactly(101, 1996, 102, 3185, 102);
                            assertThat(tokens.types()).containsExactly(0, 0, 0, 1, 1);
                        }));
    }

    @Test
    void shouldTakeListedLabelsOnly() {
        ClassLabels listed = new ClassLabels(List.of("good", "bad"));

        assertThat(listed.target(new Label.ClassLabel("good"))).isEqualTo(Outcome.ok("good"));
        Rejections.assertRejected(listed.target(new Label.ClassLabel("Good")), Reason.BAD_LABEL, "'Good'");
    }

    @Test
    void shouldRejectLabelsThatNameNoClass() {
        ClassLabels any = new ClassLabels(List.of());

        assertThat(any.target(new Label.ClassLabel("x".repeat(200)))).isInstanceOf(Outcome.Ok.class);
        Rejections.assertRejected(any.target(new Label.ClassLabel("")), Reason.BAD_LABEL, "has 0");
        Rejections.assertRejected(any.target(new Label.ClassLabel(" ")), Reason.BAD_LABEL, "blank");
        Rejections.assertRejected(any.target(new Label.ClassLabel("x".repeat(201))), Reason.BAD_LABEL, "has 201");
        Rejections.assertRejected(any.target(new Label.MultiLabel(Set.of("a"))), Reason.WRONG_KIND, "is multi-label");
    }
}
