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

class ClassObjectivesTest {

    @Test
    void shouldTakeTheMeanOfSigmoids() {
        double loss = ObjectiveCheck.loss(new SigmoidObjective(), new double[] {0, 2, -1}, 3, 1);

        assertThat(loss).isCloseTo((0.6931471805599453 + 0.1269280110429725 + 0.3132616875182228) / 3, within(1e-12));
    }

    @Test
    void shouldTakeNoClassForATarget() {
        assertThat(ObjectiveCheck.loss(new SigmoidObjective(), new double[] {0, 0}, 2))
                .isCloseTo(Math.log(2), within(1e-12));
    }

    @Test
    void shouldCountOnlyTokensThatCount() {
        double[] logits = {1, 2, 3, 9, 9, 0, 0, 0, 0};
        double[] gradient = new double[9];

        double loss = new TokenObjective(0).gradient(logits, 3, new float[] {2, -1, 0}, gradient);

        assertThat(loss).isCloseTo((0.4076059644443804 + Math.log(3)) / 2, within(1e-12));
        assertThat(new double[] {gradient[3], gradient[4], gradient[5]}).containsExactly(0, 0, 0);
    }

    @Test
    void shouldHaveNothingToLearnWhereNoTokenCounts() {
        double[] gradient = {5, 5};

        assertThat(new TokenObjective(0).gradient(new double[] {1, 2}, 2, new float[] {-1}, gradient))
                .isZero();
        assertThat(gradient).containsExactly(0, 0);
    }

    @Test
    void shouldTakeTheMeanOfStartAndEnd() {
        // Starts 0, 0, 0, 0 and ends 1, 2, 3 and far below
        double[] logits = {0, 1, 0, 2, 0, 3, 0, -1000};

        assertThat(ObjectiveCheck.loss(new SpanObjective(), logits, 2, 1, 2))
                .isCloseTo((Math.log(4) + 0.4076059644443804) / 2, within(1e-12));
    }

    @Property(tries = 200)
    void shouldHaveTheGradientOfTheSigmoidLoss(@ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int outputs) {
        Random random = new Random(seed);
        float[] target = new float[random.nextInt(outputs + 1)];
        for (int i = 0; i < target.length; i++) {
            target[i] = random.nextInt(outputs);
        }

        ObjectiveCheck.check(new SigmoidObjective(), ObjectiveCheck.logits(random, outputs), outputs, target);
        ObjectiveCheck.checkExtremes(new SigmoidObjective(), random, outputs, outputs, target);
    }

    @Property(tries = 200)
    void shouldHaveTheGradientOfTheTokenLoss(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 5) int rows,
            @ForAll @IntRange(min = 1, max = 4) int outputs,
            @ForAll @DoubleRange(min = 0, max = 0.9) double smoothing) {
        Random random = new Random(seed);
        float[] target = new float[rows];
        for (int i = 0; i < rows; i++) {
            target[i] = random.nextInt(outputs + 1) - 1;
        }
        TokenObjective objective = new TokenObjective(smoothing);

        ObjectiveCheck.check(objective, ObjectiveCheck.logits(random, rows * outputs), outputs, target);
        ObjectiveCheck.checkExtremes(objective, random, rows * outputs, outputs, target);
    }

    @Property(tries = 200)
    void shouldHaveTheGradientOfTheSpanLoss(@ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int rows) {
        Random random = new Random(seed);
        float[] target = {random.nextInt(rows), random.nextInt(rows)};

        ObjectiveCheck.check(new SpanObjective(), ObjectiveCheck.logits(random, 2 * rows), 2, target);
        ObjectiveCheck.checkExtremes(new SpanObjective(), random, 2 * rows, 2, target);
    }

    @Test
    void shouldRejectTargetsOfAnotherTask() {
        double[] two = {0, 0};

        assertThatThrownBy(() -> ObjectiveCheck.loss(new SigmoidObjective(), two, 2, -1))
                .hasMessageContaining("-1.0");
        assertThatThrownBy(() -> ObjectiveCheck.loss(new SigmoidObjective(), two, 2, 0.5f))
                .hasMessageContaining("0.5");
        assertThatThrownBy(() -> ObjectiveCheck.loss(new SigmoidObjective(), two, 1, 0))
                .hasMessageContaining("one row of 1");
        assertThatThrownBy(() -> ObjectiveCheck.loss(new TokenObjective(0), two, 1, -2, 0))
                .hasMessageContaining("from -1 to 0");
        assertThatThrownBy(() -> ObjectiveCheck.loss(new TokenObjective(0), two, 3, 0))
                .hasMessageContaining("whole rows of 3");
        assertThatThrownBy(() -> ObjectiveCheck.loss(new SpanObjective(), two, 2, 0, 1))
                .hasMessageContaining("from 0 to 0");
        assertThatThrownBy(() -> ObjectiveCheck.loss(new SpanObjective(), two, 1, 0, 1))
                .hasMessageContaining("2 outputs");
    }

    @Test
    void shouldRejectSmoothingOutOfRange() {
        assertThatThrownBy(() -> new TokenObjective(1)).hasMessageContaining("1.0");
        assertThatThrownBy(() -> new TokenObjective(-0.1)).hasMessageContaining("-0.1");
        assertThatThrownBy(() -> new TokenObjective(Double.NaN)).hasMessageContaining("NaN");
    }
}
