package io.headwater.task.goal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ValueObjectivesTest {

    @Test
    void shouldSquareSmallErrorsAndNotLargeOnes() {
        double[] gradient = new double[2];

        double loss = new HuberObjective(1).gradient(new double[] {0.5f, 3}, 2, new float[] {0, 0}, gradient);

        assertThat(loss).isCloseTo((0.125 + 2.5) / 2, within(1e-12));
        assertThat(gradient).containsExactly(0.25f, 0.5f);
    }

    @Test
    void shouldTakeTheMeanOfSquares() {
        double[] gradient = new double[2];

        double loss = new SquaredObjective().gradient(new double[] {1, 3}, 2, new float[] {0, 5}, gradient);

        assertThat(loss).isCloseTo(2.5, within(1e-12));
        assertThat(gradient).containsExactly(1, -2);
    }

    @Test
    void shouldLearnTheValueOfTheActionTakenAlone() {
        double[] gradient = {9, 9, 9};

        double loss = new QObjective(1).gradient(new double[] {5, 1, 7}, 3, new float[] {1, 4}, gradient);

        assertThat(loss).isCloseTo(2.5, within(1e-12));
        assertThat(gradient).containsExactly(0, -1, 0);
    }

    @Property(tries = 200)
    void shouldHaveTheGradientOfTheHuberLoss(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 5) int outputs,
            @ForAll @DoubleRange(min = 0.1, max = 3) double delta) {
        Random random = new Random(seed);
        float[] target = ObjectiveCheck.floats(random, outputs);

        ObjectiveCheck.check(new HuberObjective(delta), ObjectiveCheck.logits(random, outputs), outputs, target);
        ObjectiveCheck.checkExtremes(new HuberObjective(1), random, outputs, outputs, target);
    }

    @Property(tries = 200)
    void shouldHaveTheGradientOfTheSquaredLoss(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int outputs) {
        Random random = new Random(seed);

        ObjectiveCheck.check(
                new SquaredObjective(),
                ObjectiveCheck.logits(random, outputs),
                outputs,
                ObjectiveCheck.floats(random, outputs));
    }

    @Property(tries = 200)
    void shouldHaveTheGradientOfTheQLoss(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int actions) {
        Random random = new Random(seed);
        float[] target = {random.nextInt(actions), random.nextFloat() * 6 - 3};

        ObjectiveCheck.check(new QObjective(1), ObjectiveCheck.logits(random, actions), actions, target);
        ObjectiveCheck.checkExtremes(new QObjective(1), random, actions, actions, target);
    }

    @Test
    void shouldRejectTargetsThatDoNotFit() {
        double[] two = {0, 0};

        assertThatThrownBy(() -> ObjectiveCheck.loss(new SquaredObjective(), two, 2, 1))
                .hasMessageContaining("2 values");
        assertThatThrownBy(() -> ObjectiveCheck.loss(new HuberObjective(1), two, 2, 1))
                .hasMessageContaining("2 values");
        assertThatThrownBy(() -> ObjectiveCheck.loss(new QObjective(1), two, 2, 2, 1))
                .hasMessageContaining("from 0 to 1");
    }

    @Test
    void shouldRejectADeltaThatIsNotPositive() {
        assertThatThrownBy(() -> new HuberObjective(0)).hasMessageContaining("0.0");
        assertThatThrownBy(() -> new QObjective(Double.NaN)).hasMessageContaining("NaN");
    }
}
