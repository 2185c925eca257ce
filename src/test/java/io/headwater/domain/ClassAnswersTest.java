package io.headwater.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.domain.ClassAnswers.AnswerPair;
import io.headwater.domain.ClassAnswers.ClassAnswer;
import io.headwater.domain.ClassAnswers.ConfidenceBin;
import io.headwater.domain.ClassAnswers.Mistake;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ClassAnswersTest {
    @Property(tries = 200)
    void shouldCountEachAnswerOnceWithinItsBounds(@ForAll @Size(max = 400) List<@IntRange(max = 999) Integer> drawn) {
        List<ClassAnswer> answers = new ArrayList<>();
        for (int one : drawn) {
            answers.add(new ClassAnswer(answers.size(), "c" + one % 20, "c" + one / 50, one / 999.0));
        }

        ClassAnswers counted = ClassAnswers.of(answers);

        long wrong = answers.stream().filter(one -> !one.isRight()).count();
        assertThat(counted.pairs()).hasSizeLessThanOrEqualTo(ClassAnswers.MOST_PAIRS);
        assertThat(counted.pairs()).isSortedAccordingTo(AnswerPair.BY_NUMBER);
        assertThat(counted.pairs().stream().mapToInt(AnswerPair::samples).sum())
                .satisfies(sum -> assertThat(sum).isLessThanOrEqualTo(answers.size()))
                .satisfies(sum -> assertThat(counted.pairs().size() == ClassAnswers.MOST_PAIRS || sum == answers.size())
                        .isTrue());
        assertThat(counted.bins().stream().mapToInt(ConfidenceBin::samples).sum())
                .isEqualTo(answers.size());
        assertThat(counted.bins().stream()
                        .mapToInt(bin -> bin.samples() - bin.right())
                        .sum())
                .isEqualTo((int) wrong);
        assertThat(counted.bins())
                .allSatisfy(bin -> assertThat(bin.confidence() / bin.samples())
                        .isBetween(bin.tenth() / 10.0 - 1e-9, (bin.tenth() + 1) / 10.0 + 1e-9));
        assertThat(counted.mistakes()).hasSize((int) Math.min(ClassAnswers.MOST_MISTAKES, wrong));
        assertThat(counted.mistakes()).extracting(Mistake::offset).isSorted();
    }

    @Test
    void shouldCountAsByHand() {
        ClassAnswers counted = ClassAnswers.of(List.of(
                new ClassAnswer(3, "a", "a", 0.9),
                new ClassAnswer(4, "a", "a", 0.8),
                new ClassAnswer(5, "b", "a", 0.84),
                new ClassAnswer(-1, "b", "a", 0)));

        assertThat(counted.pairs()).containsExactly(new AnswerPair("a", "a", 2), new AnswerPair("b", "a", 2));
        assertThat(counted.bins()).extracting(ConfidenceBin::tenth).containsExactly(0, 7, 8);
        assertThat(counted.bins().get(2).confidence()).isCloseTo(1.74, within(1e-12));
        assertThat(counted.bins().get(2).right()).isEqualTo(1);
        assertThat(counted.mistakes()).containsExactly(new Mistake(5, "b", "a", 0.84));
    }
}
