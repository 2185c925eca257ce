package io.headwater.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RecallObjectiveTest {
    private static final double STEP = 1e-5;

    @Property(tries = 50)
    void shouldComputeTheGradientOfWhatItReturns(
            @ForAll int seed,
            @ForAll @IntRange(min = 2, max = 6) int outputs,
            @ForAll @IntRange(min = 1) int anyKnown) {
        int known = 1 + anyKnown % outputs;
        recalls().forEach(recall -> {
            Random random = new Random(seed);
            Objective objective = new RecallObjective(new CrossEntropy(), recall);
            float[] wanted = new float[outputs];
            wanted[random.nextInt(outputs)] = 1;
            float[] target = RecallObjective.target(wanted, floats(random, known));
            double[] logits = doubles(random, outputs);
            double[] gradient = new double[outputs];
            objective.gradient(logits, outputs, target, gradient);

            for (int i = 0; i < outputs; i++) {
                double up = loss(objective, moved(logits, i, STEP), target);
                double down = loss(objective, moved(logits, i, -STEP), target);
                assertThat(gradient[i]).isCloseTo((up - down) / (2 * STEP), within(1e-6));
            }
        });
    }

    @Property(tries = 20)
    void shouldPenaliseNothingButDifferences(@ForAll int seed) {
        recalls().forEach(recall -> {
            Random random = new Random(seed);
            float[] former = floats(random, 3);
            double[] logits = {former[0], former[1], former[2], 7};
            double[] gradient = new double[4];

            double penalty = recall.add(logits, 0, former, 0, 3, 1, gradient);

            assertThat(penalty).isCloseTo(0, within(1e-12));
            assertThat(gradient).containsOnly(0);
        });
    }

    @Test
    void shouldBeTheObjectiveOfTheTaskWhereNoFormerLogitsAreKnown() {
        double[] logits = {0.3, -1, 2};
        float[] target = {0, 1, 0};
        double[] expected = new double[3];
        double[] gradient = new double[3];
        double loss = new CrossEntropy().gradient(logits, 3, target, expected);

        RecallObjective objective = new RecallObjective(new CrossEntropy(), new Recall.SquaredDifference(0.5));

        assertThat(objective.gradient(logits, 3, RecallObjective.target(target, new float[0]), gradient))
                .isEqualTo(loss);
        assertThat(gradient).isEqualTo(expected);
    }

    @Test
    void shouldRecallEachRowOfASample() {
        Objective none = (logits, outputs, target, gradient) -> 0;
        double[] gradient = new double[4];

        double loss = new RecallObjective(none, new Recall.SquaredDifference(2))
                .gradient(
                        new double[] {1, 9, 3, 9},
                        2,
                        RecallObjective.target(new float[0], new float[] {0, 1}),
                        gradient);

        // The first outputs of two rows differ by 1 and by 2; the second outputs were not known.
        assertThat(loss).isEqualTo(2 * (1 + 4) / 2.0);
        assertThat(gradient).containsExactly(2, 0, 4, 0);
    }

    @Test
    void shouldRefuseLogitsOfMoreOutputsThanTheHeadHas() {
        RecallObjective objective = new RecallObjective(new CrossEntropy(), new Recall.Distillation(1));
        float[] target = RecallObjective.target(new float[] {1, 0}, new float[3]);

        assertThatThrownBy(() -> objective.gradient(new double[2], 2, target, new double[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 rows of at most 2 outputs");
    }

    private static Stream<Recall> recalls() {
        return Stream.of(new Recall.SquaredDifference(0.7), new Recall.Distillation(1.3));
    }

    private static double loss(Objective objective, double[] logits, float[] target) {
        return objective.gradient(logits, logits.length, target, new double[logits.length]);
    }

    private static double[] moved(double[] logits, int i, double by) {
        double[] moved = logits.clone();
        moved[i] += by;
        return moved;
    }

    private static double[] doubles(Random random, int count) {
        return random.doubles(count, -3, 3).toArray();
    }

    private static float[] floats(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
