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

class CtcObjectiveTest {

    @Test
    void shouldWorkOutAnExample() {
        // Two frames of blank or a, all alike: "aa", "a-" and "-a" are a, "--" is silence
        double[] logits = {0, 0, 0, 0};

        assertThat(ObjectiveCheck.loss(new CtcObjective(), logits, 2, 1)).isCloseTo(-Math.log(0.75), within(1e-12));
        assertThat(ObjectiveCheck.loss(new CtcObjective(), logits, 2)).isCloseTo(-Math.log(0.25), within(1e-12));
    }

    @Test
    void shouldNeedABlankBetweenTwoThatAreAlike() {
        assertThat(CtcObjective.framesNeeded(new float[] {})).isZero();
        assertThat(CtcObjective.framesNeeded(new float[] {1, 2, 1})).isEqualTo(3);
        assertThat(CtcObjective.framesNeeded(new float[] {1, 1, 1, 2, 2})).isEqualTo(8);
        assertThatThrownBy(() -> ObjectiveCheck.loss(new CtcObjective(), new double[4], 2, 1, 1))
                .hasMessageContaining("needs 3 frames")
                .hasMessageContaining("are 2");
    }

    @Test
    void shouldRejectABlankInATarget() {
        assertThatThrownBy(() -> ObjectiveCheck.loss(new CtcObjective(), new double[4], 2, 0))
                .hasMessageContaining("from 1 to 1");
    }

    @Property(tries = 50)
    void shouldSumOverEveryAlignment(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 5) int frames,
            @ForAll @IntRange(min = 1, max = 4) int outputs) {
        double[] logits = ObjectiveCheck.logits(new Random(seed), frames * outputs);

        Alignments.probabilities(logits, outputs)
                .forEach((symbols, probability) -> assertThat(
                                ObjectiveCheck.loss(new CtcObjective(), logits, outputs, target(symbols)))
                        .as("%s", symbols)
                        .isCloseTo(-Math.log(probability), within(1e-9)));
    }

    @Property(tries = 200)
    void shouldHaveTheGradientOfTheLoss(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 6) int frames,
            @ForAll @IntRange(min = 2, max = 4) int outputs) {
        Random random = new Random(seed);
        float[] target = new float[random.nextInt(frames + 1)];
        for (int i = 0; i < target.length; i++) {
            target[i] = 1 + random.nextInt(outputs - 1);
        }
        int needed = Math.max(frames, CtcObjective.framesNeeded(target));

        ObjectiveCheck.check(new CtcObjective(), ObjectiveCheck.logits(random, needed * outputs), outputs, target);
        ObjectiveCheck.checkExtremes(new CtcObjective(), random, needed * outputs, outputs, target);
    }

    @Test
    void shouldStayFiniteOverManyFrames() {
        // A probability of about 1e-1500, which no double holds
        double[] logits = ObjectiveCheck.logits(new Random(1), 2_000 * 3);
        double[] gradient = new double[logits.length];

        double loss = new CtcObjective().gradient(logits, 3, new float[] {1, 2, 2, 1}, gradient);

        assertThat(loss).isFinite().isGreaterThan(1_000);
        for (double value : gradient) {
            assertThat(value).isBetween(-1.0, 1.0);
        }
    }

    private static float[] target(List<Integer> symbols) {
        float[] target = new float[symbols.size()];
        for (int i = 0; i < target.length; i++) {
            target[i] = symbols.get(i);
        }
        return target;
    }
}
