package io.headwater.task.goal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BestAnswerTest {
    // Rows: no answer, the question, three tokens of the context, a separator that likes to be an answer
    private static final float[] LOGITS = {1, 1, 9, 9, 2, 0, 0, 5, 4, 1, 9, 9};

    @Test
    void shouldEndNoEarlierThanItStarts() {
        // Starts 2, 0, 4 and ends 0, 5, 1: 4 + 5 would run backwards
        assertThat(BestAnswer.of(List.of(new AnswerWindow(LOGITS, 2, 0, 3)), 10))
                .isEqualTo(new BestAnswer(0, 1, 7, 2));
    }

    @Test
    void shouldKeepToTheLengthAllowed() {
        assertThat(BestAnswer.of(List.of(new AnswerWindow(LOGITS, 2, 0, 3)), 1)).isEqualTo(new BestAnswer(1, 1, 5, 2));
    }

    @Test
    void shouldLookInEveryWindow() {
        // The second begins at token 2 of the context and is less sure that there is no answer
        float[] second = {-3, -3, 0, 0, 1, 0, 6, 6};

        BestAnswer best =
                BestAnswer.of(List.of(new AnswerWindow(LOGITS, 2, 0, 3), new AnswerWindow(second, 2, 2, 2)), 10);

        assertThat(best).isEqualTo(new BestAnswer(3, 3, 12, -6));
    }

    @Test
    void shouldAnswerNothingWhereThatScoresHigher() {
        BestAnswer best = new BestAnswer(0, 0, 5, 6);

        assertThat(best.isAnswered(0)).isFalse();
        assertThat(best.isAnswered(1)).isTrue();
        assertThat(new BestAnswer(0, 0, 5, 5).isAnswered(0)).isTrue();
        assertThat(new BestAnswer(0, 0, 5, 4).isAnswered(-2)).isFalse();
    }

    @Property(tries = 200)
    void shouldBeTheBestOfAllSpans(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 6) int tokens,
            @ForAll @IntRange(min = 1, max = 7) int longest) {
        float[] logits = ObjectiveCheck.floats(new Random(seed), 2 * (tokens + 1));

        BestAnswer best = BestAnswer.of(List.of(new AnswerWindow(logits, 1, 0, tokens)), longest);

        assertThat(best.last() - best.first()).isBetween(0, longest - 1);
        assertThat(best.score()).isCloseTo(logits[2 + 2 * best.first()] + logits[3 + 2 * best.last()], within(1e-5));
        for (int first = 0; first < tokens; first++) {
            for (int last = first; last < Math.min(tokens, first + longest); last++) {
                assertThat(best.score()).isGreaterThanOrEqualTo((double) logits[2 + 2 * first] + logits[3 + 2 * last]);
            }
        }
    }

    @Test
    void shouldRejectAContextWithoutTokens() {
        assertThatThrownBy(() -> BestAnswer.of(List.of(new AnswerWindow(LOGITS, 2, 0, 0)), 10))
                .hasMessageContaining("1 windows");
        assertThatThrownBy(() -> BestAnswer.of(List.of(), 10)).hasMessageContaining("0 windows");
    }
}
