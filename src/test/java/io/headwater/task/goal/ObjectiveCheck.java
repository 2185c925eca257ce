package io.headwater.task.goal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.engine.Objective;
import java.util.Arrays;
import java.util.Random;

/** Holds the gradient of an objective against central differences of its loss. */
final class ObjectiveCheck {
    /** A power of two that floats below 8 can be moved by without rounding when they are multiples of {@link #GRID}. */
    private static final double STEP = 0x1p-14;

    private static final double GRID = 0x1p-16;

    private ObjectiveCheck() {}

    /** Logits from -4 to 4. */
    static double[] logits(Random random, int count) {
        double[] logits = new double[count];
        for (int i = 0; i < count; i++) {
            logits[i] = Math.round((random.nextFloat() * 8 - 4) / GRID) * GRID;
        }
        return logits;
    }

    static float[] floats(Random random, int count) {
        double[] wide = logits(random, count);
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = (float) wide[i];
        }
        return floats;
    }

    static void check(Objective objective, double[] logits, int outputs, float[] target) {
        double[] gradient = stale(logits.length);
        double loss = objective.gradient(logits, outputs, target, gradient);
        assertThat(loss).isFinite().isGreaterThanOrEqualTo(0);
        for (int i = 0; i < logits.length; i++) {
            double difference = moved(objective, logits, outputs, target, i, STEP)
                    - moved(objective, logits, outputs, target, i, -STEP);
            assertThat(gradient[i]).as("gradient by logit %d", i).isCloseTo(difference / (2 * STEP), within(3e-5));
        }
    }

    /** Logits as large as floats get, at which loss and gradient must stay finite. */
    static void checkExtremes(Objective objective, Random random, int count, int outputs, float[] target) {
        double[] choice = {0, 1, -1, 88, -200, 1e30f, -1e30f, Float.MAX_VALUE, -Float.MAX_VALUE};
        double[] logits = new double[count];
        for (int i = 0; i < count; i++) {
            logits[i] = choice[random.nextInt(choice.length)];
        }
        double[] gradient = stale(count);
        assertThat(objective.gradient(logits, outputs, target, gradient)).isFinite();
        for (double value : gradient) {
            assertThat(value).isBetween(-1.0, 1.0);
        }
    }

    static double loss(Objective objective, double[] logits, int outputs, float... target) {
        return objective.gradient(logits, outputs, target, new double[logits.length]);
    }

    private static double moved(Objective objective, double[] logits, int outputs, float[] target, int at, double by) {
        double[] other = logits.clone();
        other[at] += by;
        return objective.gradient(other, outputs, target, new double[logits.length]);
    }

    /** A gradient that holds that of another sample. */
    private static double[] stale(int count) {
        double[] gradient = new double[count];
        Arrays.fill(gradient, 7);
        return gradient;
    }
}
