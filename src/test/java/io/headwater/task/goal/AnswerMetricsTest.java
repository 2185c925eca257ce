package io.headwater.task.goal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.task.goal.AnswerMetrics.Score;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AnswerMetricsTest {

    @Test
    void shouldNormaliseAsSquadDoes() {
        assertThat(AnswerMetrics.words("The  Eiffel-Tower!")).containsExactly("eiffeltower");
        assertThat(AnswerMetrics.words("An apple a day")).containsExactly("apple", "day");
        assertThat(AnswerMetrics.words("theory of the anaconda")).containsExactly("theory", "of", "anaconda");
        assertThat(AnswerMetrics.words("U.S. Army's")).containsExactly("us", "armys");
        // Punctuation goes first, so that an article may come out of it
        assertThat(AnswerMetrics.words("t.h.e end")).containsExactly("end");
        assertThat(AnswerMetrics.words("the_end a-n x")).containsExactly("theend", "x");
        assertThat(AnswerMetrics.words("$1,000 & 5%")).containsExactly("1000", "5");
        assertThat(AnswerMetrics.words(" a\u00a0the\tAN ")).isEmpty();
        // No article, for the number belongs to the word; only ASCII is punctuation
        assertThat(AnswerMetrics.words("a1 \u201ca\u201d \u00c9a"))
                .containsExactly("a1", "\u201c", "\u201d", "\u00e9a");
        assertThat(AnswerMetrics.words("a\u0301 b")).containsExactly("\u0301", "b");
    }

    @Test
    void shouldWorkOutExamples() {
        // Two of three words right, all of two found
        Score score = Score.of(List.of("Denver Broncos"), "The Denver Broncos won");

        assertThat(score.exactMatch()).isZero();
        assertThat(score.f1()).isCloseTo(0.8, within(1e-12));
        // A word counts as often as it is in both
        assertThat(Score.of(List.of("very very good"), "very good good").f1()).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(Score.of(List.of("blue"), "red")).isEqualTo(new Score(0, 0));
        assertThat(Score.of(List.of("10 May 1940"), "May 1940 10")).isEqualTo(new Score(0, 1));
    }

    @Test
    void shouldTakeTheBestOfSeveralAnswers() {
        Score score =
                Score.of(List.of("Santa Clara", "Levi's Stadium", "Levi's Stadium in Santa Clara"), "levis stadium");

        assertThat(score).isEqualTo(new Score(1, 1));
        assertThat(Score.of(List.of("one two three four", "one x"), "one two").f1())
                .isCloseTo(2.0 / 3, within(1e-12));
    }

    @Test
    void shouldScoreNoAnswerAsAllOrNothing() {
        assertThat(Score.of(List.of(), "")).isEqualTo(new Score(1, 1));
        assertThat(Score.of(List.of(), "something")).isEqualTo(new Score(0, 0));
        assertThat(Score.of(List.of("something"), "")).isEqualTo(new Score(0, 0));
        // What has no word is no answer, and an expected answer without one does not count beside others
        assertThat(Score.of(List.of("the"), "a ...")).isEqualTo(new Score(1, 1));
        assertThat(Score.of(List.of("the", "cat"), "")).isEqualTo(new Score(0, 0));
    }

    @Test
    void shouldTakeTheMeanOverQuestions() {
        AnswerMetrics metrics = AnswerMetrics.of(List.of(new Score(1, 1), new Score(0, 0.5), new Score(0, 0)));

        assertThat(metrics.samples()).isEqualTo(3);
        assertThat(metrics.exactMatch()).isCloseTo(1.0 / 3, within(1e-12));
        assertThat(metrics.f1()).isCloseTo(0.5, within(1e-12));
    }

    @Property(tries = 200)
    void shouldStayInRangeWhateverIsCompared(
            @ForAll @Size(max = 3) List<String> expected, @ForAll String predicted, @ForAll long seed) {
        Score score = Score.of(expected, predicted);
        List<String> shuffled = new ArrayList<>(expected);
        Collections.shuffle(shuffled, new Random(seed));

        assertThat(score.exactMatch()).isIn(0.0, 1.0);
        assertThat(score.f1()).isBetween(score.exactMatch(), 1.0);
        assertThat(Score.of(shuffled, predicted)).isEqualTo(score);
        assertThat(Score.of(List.of(predicted), predicted)).isEqualTo(new Score(1, 1));
        if (expected.size() == 1) {
            assertThat(Score.of(List.of(predicted), expected.get(0))).isEqualTo(score);
        }
    }

    @Test
    void shouldRejectNothing() {
        assertThatThrownBy(() -> AnswerMetrics.of(List.of())).hasMessageContaining("at least one");
    }
}
