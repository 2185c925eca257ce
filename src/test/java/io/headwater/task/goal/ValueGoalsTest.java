package io.headwater.task.goal;

import static io.headwater.task.Rejections.assertRejected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Label.MultiLabel;
import io.headwater.domain.Label.Values;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.PayloadView;
import io.headwater.task.ScoredPrediction;
import io.headwater.task.Target;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Goals of sets of classes and of numbers. */
class ValueGoalsTest {
    private static final PayloadView ANY = PayloadView.of(new Payload.Text("any"));
    private static final List<String> NAMES = List.of("fire", "flood", "storm");
    private static final Goal SETS = new MultiLabelGoal(NAMES);
    private static final Goal NUMBERS = new RegressionGoal(List.of("height", "weight"));

    @Test
    void shouldTeachSetsOfClassesAndSayThemByTheirProbability() {
        Target target = ok(SETS.target(ANY, new MultiLabel(Set.of("storm", "fire"))));
        assertThat(target.code(NAMES::indexOf)).containsExactly(0, 2);
        assertThat(ok(SETS.target(ANY, new MultiLabel(Set.of()))).symbols()).isEmpty();

        float[] logits = {2, -1, 0};

        Answer predicted = SETS.decode(NAMES, logits);
        assertThat(predicted.label(ANY)).isEqualTo(new MultiLabel(Set.of("fire")));
        assertThat(predicted.score(target)).isEqualTo(2.0 / 3, within(1e-12));
        assertThat(SETS.decode(NAMES, new float[3]).score(Target.of(List.of()))).isEqualTo(1);
        assertThat(predicted.probabilities().get("storm")).isEqualTo(0.5f);
    }

    @Test
    void shouldRankSetsOnlyWhereProbabilitiesWereKept() {
        MultiLabel fire = new MultiLabel(Set.of("fire"));
        ScoredPrediction ranked = new ScoredPrediction(fire, fire, Map.of("fire", 0.9f, "flood", 0.2f));

        assertThat(SETS.metrics(List.of(ranked)))
                .containsEntry("microF1", 1.0)
                .containsEntry("meanAveragePrecision", 1.0);
        assertThat(SETS.metrics(List.of(new ScoredPrediction(fire, fire)))).doesNotContainKey("meanAveragePrecision");
    }

    @Test
    void shouldRejectSetsThatHoldSomethingElse() {
        assertRejected(SETS.target(ANY, new MultiLabel(Set.of("fire", "frost"))), Reason.BAD_LABEL, "'frost'");
        assertRejected(SETS.target(ANY, new ClassLabel("fire")), Reason.WRONG_KIND, "kind multi-label");
        assertThatThrownBy(() -> new MultiLabelGoal(List.of())).hasMessageContaining("'labels'");
    }

    @Test
    void shouldScoreSetsThatHoldClassesWhichCannotBePredicted() {
        MultiLabel label = new MultiLabel(Set.of("fire", "frost"));
        Target truth = ok(SETS.truth(ANY, label));
        Answer predicted = SETS.decode(NAMES, new float[] {2, -1, -1});

        assertThat(predicted.score(truth)).isEqualTo(2.0 / 3, within(1e-12));
        assertThat(SETS.metrics(List.of(new ScoredPrediction(label, predicted.label(ANY)))))
                .hasEntrySatisfying("microF1", value -> assertThat(value).isEqualTo(2.0 / 3, within(1e-12)))
                .containsEntry("macroF1", 0.5);
        assertRejected(SETS.truth(ANY, new MultiLabel(Set.of("fire", " "))), Reason.BAD_LABEL, "1 to 200 characters");
        assertRejected(SETS.truth(ANY, new ClassLabel("fire")), Reason.WRONG_KIND, "kind multi-label");
    }

    @Test
    void shouldScoreClassesThatCannotBePredicted() {
        Goal goal = new ClassGoal(NAMES, 0);
        Target truth = ok(goal.truth(ANY, new ClassLabel("frost")));

        assertThat(goal.decode(NAMES, new float[] {2, -1, -1}).score(truth)).isZero();
        assertRejected(goal.truth(ANY, new ClassLabel(" ")), Reason.BAD_LABEL, "1 to 200 characters");
    }

    @Test
    void shouldTeachNumbersAsTheyAre() {
        Target target = ok(NUMBERS.target(ANY, new Values(new float[] {1.5f, -2})));
        assertThat(target.code(NAMES::indexOf)).containsExactly(1.5f, -2);
        assertThat(NUMBERS.decode(List.of(), new float[] {1.5f, -2}).score(target))
                .isEqualTo(1);
        assertThat(NUMBERS.decode(List.of(), new float[] {3.5f, -2}).score(target))
                .isEqualTo(0.5);
        assertThat(NUMBERS.metrics(
                        List.of(new ScoredPrediction(new Values(new float[] {1, 2}), new Values(new float[] {2, 2})))))
                .containsEntry("mae", 0.5);
        assertThat(NUMBERS.majority(List.of(new Values(new float[] {1, 2}), new Values(new float[] {3, 4}))))
                .hasValueSatisfying(
                        label -> assertThat(((Values) label).values()).containsExactly(2, 3));
    }

    @Test
    void shouldRejectNumbersThatAreTooFewOrNoNumbers() {
        assertRejected(NUMBERS.target(ANY, new Values(new float[] {1})), Reason.BAD_LABEL, "has 1");
        assertRejected(
                NUMBERS.target(ANY, new Values(new float[] {1, Float.POSITIVE_INFINITY})),
                Reason.NOT_FINITE,
                "'weight' is Infinity");
        assertRejected(NUMBERS.target(ANY, new ClassLabel("1")), Reason.WRONG_KIND, "kind values");
    }

    private static Target ok(Outcome<Target> outcome) {
        return ((Outcome.Ok<Target>) outcome).value();
    }
}
