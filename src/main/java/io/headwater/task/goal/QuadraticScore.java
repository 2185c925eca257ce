package io.headwater.task.goal;

import io.headwater.engine.Softmax;

/**
 * The quadratic score of probabilities (Brier, "Verification of forecasts expressed in terms of probability", 1950), from
 * 0 for the certain prediction of a wrong class to 1 for that of the right one.
 */
public final class QuadraticScore {
    private QuadraticScore() {}

    /**
     * The score of the softmax of logits.
     *
     * @param from index of the first logit
     * @param classes number of logits
     * @param expected index of the right class among them; negative when it is none of them
     */
    public static double ofClass(float[] logits, int from, int classes, int expected) {
        double[] row = new double[classes];
        for (int i = 0; i < classes; i++) {
            row[i] = logits[from + i];
        }
        double[] probabilities = Softmax.ofRow(row, 0, classes).probabilities();
        double squares = 0;
        for (double probability : probabilities) {
            squares += probability * probability;
        }
        double right = expected < 0 ? 0 : probabilities[expected];
        return 1 - (squares - 2 * right + 1) / 2;
    }
}
