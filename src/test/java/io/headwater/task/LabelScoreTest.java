package io.headwater.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.domain.Label;
import io.headwater.domain.Label.AnswerSpan;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Label.MultiLabel;
import io.headwater.domain.Label.TokenTags;
import io.headwater.domain.Label.Transcript;
import io.headwater.domain.Label.Transition;
import io.headwater.domain.Label.Values;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import io.headwater.task.goal.AnswerGoal;
import io.headwater.task.goal.ClassGoal;
import io.headwater.task.goal.ImitationGoal;
import io.headwater.task.goal.MultiLabelGoal;
import io.headwater.task.goal.RegressionGoal;
import io.headwater.task.goal.TagGoal;
import io.headwater.task.goal.TranscriptGoal;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LabelScoreTest {
    private static final Goal CLASSES = new ClassGoal(List.of(), 0);

    @Test
    void shouldScoreClasses() {
        assertThat(score(CLASSES, new ClassLabel("a"), new ClassLabel("a"))).isEqualTo(1);
        assertThat(score(CLASSES, new ClassLabel("a"), new ClassLabel("b"))).isZero();
    }

    @Test
    void shouldRefuseALabelOfAnotherKindThanTheAnswer() {
        Outcome<Double> outcome = LabelScore.of(CLASSES, new Transcript("a"), new ClassLabel("a"));

        assertThat(((Outcome.Rejected<Double>) outcome).rejection().reason()).isEqualTo(Reason.WRONG_KIND);
        assertThat(((Outcome.Rejected<Double>) outcome).rejection().message()).contains("class", "transcript");
    }

    @Test
    void shouldScoreSetsOfClassesByTheirOverlap() {
        Goal goal = new MultiLabelGoal(List.of("a", "b", "c"));

        assertThat(score(goal, new MultiLabel(Set.of("a", "b")), new MultiLabel(Set.of("a", "c"))))
                .isEqualTo(0.5);
        assertThat(score(goal, new MultiLabel(Set.of()), new MultiLabel(Set.of())))
                .isEqualTo(1);
        assertThat(score(goal, new MultiLabel(Set.of()), new MultiLabel(Set.of("a"))))
                .isZero();
    }

    @Test
    void shouldScoreEntities() {
        Goal goal = new TagGoal(List.of(), 0);
        TokenTags one = tags("B-PER", "O", "O");

        assertThat(score(goal, one, one)).isEqualTo(1);
        assertThat(score(goal, tags("O", "O", "O"), tags("O", "O", "O"))).isEqualTo(1);
        assertThat(score(goal, one, tags("B-PER", "B-LOC", "O"))).isCloseTo(2.0 / 3, within(1e-9));
        assertThat(score(goal, one, tags("O", "O", "O"))).isZero();
        assertThat(reason(LabelScore.of(goal, tags("O"), one))).isEqualTo(Reason.BAD_LABEL);
        assertThat(reason(LabelScore.of(goal, tags("X", "O", "O"), one))).isEqualTo(Reason.BAD_LABEL);
    }

    @Test
    void shouldScoreNumbersByTheirDistance() {
        Goal goal = new RegressionGoal(List.of("x", "y"));

        assertThat(score(goal, values(1, 2), values(1, 2))).isEqualTo(1);
        assertThat(score(goal, values(1, 2), values(2, 5))).isCloseTo(1.0 / 3, within(1e-9));
        assertThat(reason(LabelScore.of(goal, values(1), values(1, 2)))).isEqualTo(Reason.BAD_LABEL);
    }

    @Test
    void shouldScoreTextsByTheirCharactersOrWords() {
        Goal speech = new TranscriptGoal(List.of("a", "b", " "), 1);
        assertThat(score(speech, new Transcript("abab"), new Transcript("abaa")))
                .isEqualTo(0.75);
        assertThat(score(speech, new Transcript("a"), new Transcript("bbbbbb"))).isZero();

        Goal answers = new AnswerGoal();
        assertThat(score(answers, new AnswerSpan(3, "red house"), new AnswerSpan(0, "red car")))
                .isEqualTo(0.5);
        assertThat(score(answers, new AnswerSpan(-1, ""), new AnswerSpan(-1, "")))
                .isEqualTo(1);
    }

    @Test
    void shouldScoreActionsByNameOrIndex() {
        Goal goal = new ImitationGoal(List.of("left", "right"), 0);

        assertThat(score(goal, taken("1"), new ClassLabel("right"))).isEqualTo(1);
        assertThat(score(goal, taken("left"), new ClassLabel("right"))).isZero();
        assertThat(reason(LabelScore.of(goal, taken("left"), new Transcript("left"))))
                .isEqualTo(Reason.WRONG_KIND);
    }

    private static TokenTags tags(String... tags) {
        return new TokenTags(List.of(tags), List.of(tags));
    }

    private static Values values(float... values) {
        return new Values(values);
    }

    private static Transition taken(String action) {
        return new Transition(action, new double[] {1}, new float[0], true, false, null, null);
    }

    private static Reason reason(Outcome<Double> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
        return ((Outcome.Rejected<Double>) outcome).rejection().reason();
    }

    private static double score(Goal goal, Label expected, Label predicted) {
        Outcome<Double> outcome = LabelScore.of(goal, expected, predicted);
        assertThat(outcome).isInstanceOf(Outcome.Ok.class);
        return ((Outcome.Ok<Double>) outcome).value();
    }
}
