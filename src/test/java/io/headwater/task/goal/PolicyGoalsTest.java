package io.headwater.task.goal;

import static io.headwater.task.Rejections.assertRejected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ReinforcementConfig;
import io.headwater.config.ReinforcementConfig.Algorithm;
import io.headwater.config.TaskKind;
import io.headwater.domain.Label;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Label.Episode;
import io.headwater.domain.Label.Transition;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.TestModels;
import io.headwater.ops.Tasks;
import io.headwater.task.Answer;
import io.headwater.task.Bootstrap;
import io.headwater.task.Goal;
import io.headwater.task.PayloadView;
import io.headwater.task.ScoredPrediction;
import io.headwater.task.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Goals that learn from transitions. */
class PolicyGoalsTest {
    private static final List<String> ACTIONS = List.of("left", "right");
    private static final PayloadView SEEN = PayloadView.of(new Payload.Tensor(List.of(2), new float[] {1, 2}));
    private static final float[] NEXT = {3, 4};
    private static final ActionValueGoal VALUES =
            new ActionValueGoal(ACTIONS, new ReinforcementConfig(Algorithm.DOUBLE_DQN, 0.5, 1, 10, 1));
    private static final ImitationGoal IMITATION = new ImitationGoal(ACTIONS, 0);

    @Test
    void shouldDiscountTheRewardsOfSeveralStepsAndWhatComesAfterThem() {
        assertThat(ok(VALUES.target(SEEN, transition("right", NEXT, false, 1, 2, 4)))
                        .code(ACTIONS::indexOf))
                .containsExactly(1, 1 + 1 + 1, 0.125f);
        assertThat(ok(VALUES.target(SEEN, transition("left", new float[0], true, -3)))
                        .code(ACTIONS::indexOf))
                .containsExactly(0, -3, 0);
    }

    @Test
    void shouldScoreActionsThatCannotBePredicted() {
        Label up = transition("up", NEXT, true, 1);

        for (Goal goal : List.of(VALUES, IMITATION)) {
            assertRejected(goal.target(SEEN, up), Reason.BAD_LABEL, "'up'");
            Answer predicted = goal.decode(ACTIONS, new float[] {5, 1});
            Target truth = ok(goal.truth(SEEN, up));
            ScoredPrediction scored = new ScoredPrediction(
                    up, predicted.label(SEEN), Map.of(), predicted.score(truth), predicted.error(truth));
            assertThat(goal.metrics(List.of(scored)))
                    .hasEntrySatisfying(
                            goal == VALUES ? "agreement" : "accuracy",
                            share -> assertThat(share).isZero());
            // An index stands for the action of its place, as in training.
            assertThat(ok(goal.truth(SEEN, transition("1", NEXT, true, 1))).symbols())
                    .containsExactly("right");
        }
    }

    @Test
    void shouldLetOneHeadChooseAndTheOtherSayWhatItIsWorth() {
        float[] complete = VALUES.complete(new float[] {1, 0.5f}, new float[] {3, 2}, new float[] {10, 20});

        assertThat(complete).containsExactly(1 + 0.5f * 10, 0);
        assertThat(VALUES.encode(new float[] {1, 6, 0}, 2)).containsExactly(1, 6);
        assertThat(VALUES.complete(new float[] {1, 0.5f}, new float[] {1, 2}, new float[] {10}))
                .containsExactly(1, 0);
        assertThat(VALUES.complete(new float[] {1, 0}, new float[] {1, 2}, new float[] {10, 20}))
                .containsExactly(1, 0);
    }

    @Test
    void shouldNeedTheFeaturesOfWhatComesNextUnlessNothingDoes() {
        Label going = transition("left", NEXT, false, 1);

        assertThat(VALUES.next(SEEN.payload(), going))
                .hasValueSatisfying(next ->
                        assertThat(next).usingRecursiveComparison().isEqualTo(new Payload.Tensor(List.of(2), NEXT)));
        assertThat(VALUES.next(SEEN.payload(), transition("left", NEXT, true, 1)))
                .isEmpty();
        assertThat(VALUES.next(new Payload.Text("seen"), going)).isEmpty();
    }

    @Test
    void shouldSayTheBestActionAndScoreTheValueOfTheOneThatWasTaken() {
        Answer predicted = VALUES.decode(ACTIONS, new float[] {5, 7});

        assertThat(predicted.label(SEEN)).isEqualTo(new ClassLabel("right"));
        assertThat(predicted.score(new Target(List.of("left"), new float[] {4, 0})))
                .isEqualTo(0.5);
        assertThat(predicted.error(new Target(List.of("left"), new float[] {4, 0})))
                .isEqualTo(1);
        assertThat(predicted.score(new Target(List.of("right"), new float[] {7, 0})))
                .isEqualTo(1);
        assertThat(predicted.score(new Target(List.of("jump"), new float[] {1, 0})))
                .isEqualTo(0.5);
    }

    @Test
    void shouldMeasureErrorsAgreementAndHowWellEachVersionPlayed() {
        Label right = transition("1", NEXT, false, 1);
        List<ScoredPrediction> judged = List.of(
                new ScoredPrediction(right, new ClassLabel("right"), Map.of(), 0.5, 1),
                new ScoredPrediction(right, new ClassLabel("left"), Map.of(), 0.25, 3));

        assertThat(VALUES.metrics(judged)).containsEntry("agreement", 0.5).containsEntry("tdError", (1.0 + 3.0) / 2);
        assertThat(VALUES.metrics(List.of(new ScoredPrediction(right, new ClassLabel("right")))))
                .doesNotContainKey("tdError");
        assertThat(IMITATION.metrics(judged)).containsEntry("accuracy", 0.5);
        assertThat(VALUES.observed(List.of(right))).isEmpty();
        assertThat(VALUES.observed(List.of(right, ended(10, 3L), ended(20, 3L), ended(60, null))))
                .containsEntry("meanReturn", 30.0)
                .containsEntry("episodes", 3.0)
                .containsEntry("meanReturnVersion3", 15.0)
                .containsEntry("episodesVersion3", 2.0)
                .hasSize(4);
    }

    @Test
    void shouldImitateTheActionThatWasTaken() {
        Target target = ok(IMITATION.target(SEEN, transition("0", NEXT, false, 1)));

        assertThat(target.symbols()).containsExactly("left");
        assertThat(IMITATION.encode(target.code(ACTIONS::indexOf), 2)).containsExactly(1, 0);
        assertThat(IMITATION.decode(ACTIONS, new float[2]).probabilities().get("left"))
                .isEqualTo(0.5f, within(1e-6f));
        assertThat(IMITATION.majority(List.of(
                        transition("1", NEXT, false, 1),
                        transition("right", NEXT, false, 1),
                        transition("left", NEXT, false, 1))))
                .contains(new ClassLabel("right"));
    }

    @Test
    void shouldRejectWhatIsNoTransitionOfTheAdaptation() {
        for (Goal goal : List.of(VALUES, IMITATION)) {
            assertRejected(goal.target(SEEN, new ClassLabel("left")), Reason.WRONG_KIND, "kind transition");
            assertRejected(goal.target(SEEN, transition("jump", NEXT, false, 1)), Reason.BAD_LABEL, "'jump'");
            assertRejected(goal.target(SEEN, transition("2", NEXT, false, 1)), Reason.BAD_LABEL, "0 to 1");
            assertRejected(goal.target(SEEN, transition(" ", NEXT, false, 1)), Reason.BAD_LABEL, "blank");
            assertRejected(goal.target(SEEN, transition("left", NEXT, false)), Reason.BAD_LABEL, "has 0");
            assertRejected(
                    goal.target(SEEN, transition("left", NEXT, false, new double[1001])), Reason.BAD_LABEL, "has 1001");
            assertRejected(
                    goal.target(SEEN, transition("left", NEXT, false, 1, Double.POSITIVE_INFINITY)),
                    Reason.NOT_FINITE,
                    "reward 1");
            assertRejected(goal.target(SEEN, transition("left", NEXT, false, 1e300)), Reason.NOT_FINITE, "1.0E300");
            assertRejected(goal.target(SEEN, transition("left", new float[0], false, 1)), Reason.BAD_LABEL, "terminal");
            assertRejected(
                    goal.target(SEEN, transition("left", new float[] {1}, false, 1)),
                    Reason.BAD_LABEL,
                    "are 2, but has 1");
            assertRejected(
                    goal.target(SEEN, transition("left", new float[] {1, 2, 3}, true, 1)), Reason.BAD_LABEL, "has 3");
            assertRejected(
                    goal.target(SEEN, transition("left", new float[] {1, Float.NaN}, false, 1)),
                    Reason.NOT_FINITE,
                    "number 1 is NaN");
            assertRejected(goal.target(SEEN, ended(Double.NaN, null)), Reason.NOT_FINITE, "return of an episode");
        }
    }

    @Property(tries = 500)
    void shouldRejectOrTeachWhateverComesAndNeverFail(@ForAll("transitions") Transition any) {
        for (Goal goal : List.of(VALUES, IMITATION)) {
            Outcome<Target> outcome = goal.target(SEEN, any);

            if (outcome instanceof Outcome.Ok<Target> ok) {
                for (float number : ok.value().numbers()) {
                    assertThat(number).isFinite();
                }
                assertThat(ACTIONS).containsAll(ok.value().symbols());
            } else if (outcome instanceof Outcome.Rejected<Target> rejected) {
                assertThat(rejected.rejection().reason()).isIn(Reason.BAD_LABEL, Reason.NOT_FINITE, Reason.WRONG_KIND);
            }
        }
    }

    @Test
    void shouldBeMadeForABaseModelThatReadsNumbers(@TempDir Path folder) {
        AdaptationConfig config = AdaptationConfig.of("play", TaskKind.REINFORCEMENT_LEARNING, "policy");
        var base = TestModels.tensor(folder, TestModels.policy(0), "hidden", Pooling.NONE, 4);

        assertThat(Tasks.of(config, base).goal()).isInstanceOf(Bootstrap.class);
        assertThat(Tasks.of(
                                config.withReinforcement(
                                        new ReinforcementConfig(Algorithm.BEHAVIOUR_CLONING, 0.9, 1, 1, 1)),
                                base)
                        .goal())
                .isInstanceOf(ImitationGoal.class);
        assertThat(config.replay().capacity()).isEqualTo(10_000);
        assertThat(config.guard().samples()).isZero();
    }

    @Provide
    Arbitrary<Transition> transitions() {
        Arbitrary<float[]> observations = Arbitraries.oneOf(
                        Arbitraries.floats(), Arbitraries.of(Float.NaN, Float.POSITIVE_INFINITY, 0f))
                .array(float[].class)
                .ofMaxSize(3);
        Arbitrary<double[]> rewards = Arbitraries.oneOf(
                        Arbitraries.doubles(),
                        Arbitraries.doubles().between(-10, 10),
                        Arbitraries.of(Double.NaN, Double.NEGATIVE_INFINITY, 0.0))
                .array(double[].class)
                .ofMaxSize(5);
        Arbitrary<String> actions = Arbitraries.oneOf(
                Arbitraries.of("left", "right", "0", "1", "2", "-1", ""),
                Arbitraries.strings().ofMaxLength(300));
        return Combinators.combine(
                        actions,
                        rewards,
                        Arbitraries.oneOf(observations, Arbitraries.of(NEXT, NEXT)),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false),
                        Combinators.combine(Arbitraries.doubles(), Arbitraries.integers())
                                .as(Episode::new)
                                .injectNull(0.5),
                        Arbitraries.longs().injectNull(0.5))
                .as(Transition::new);
    }

    private static Label transition(String action, float[] next, boolean terminal, double... rewards) {
        return new Transition(action, rewards, next, terminal, false, null, null);
    }

    private static Label ended(double total, @Nullable Long version) {
        return new Transition("left", new double[] {1}, NEXT, true, false, new Episode(total, 7), version);
    }

    private static Target ok(Outcome<Target> outcome) {
        return ((Outcome.Ok<Target>) outcome).value();
    }
}
