package io.headwater.task.goal;

/**
 * The quadratic score of probabilities (Brier, "Verification of forecasts expressed in terms of probability", 1950), from
 * 0 for the certain prediction of a wrong class to 1 for that of the right one.
 */
final class QuadraticScore {
    private QuadraticScore() {}

    /**
     * The score of the softmax of logits.
     *
     * @param from index of the first logit
     * @param classes number of logits
     * @param expected index of the right class among them; negative when it is none of them
     */
    static double ofClass(float[] logits, int from, int classes, int expected) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < classes; i++) {
            largest = Math.max(largest, logits[from + i]);
        }
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < classes; i++) {
            double value = StrictMath.exp(logits[from + i] - largest);
            sum += value;
            squares += value * value;
        }
        double right = expected < 0 ? 0 : StrictMath.exp(logits[from + expected] - largest) / sum;
        return 1 - (squares / (sum * sum) - 2 * right + 1) / 2;
    }
}
