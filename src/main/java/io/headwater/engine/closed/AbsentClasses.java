package io.headwater.engine.closed;

import java.util.Arrays;

/** Keeps classes without rows from being predicted, by logits that are finite. */
final class AbsentClasses {
    /** At a temperature of 8, a class whose logit is this far below another still has a probability below 0.001. */
    private static final double MARGIN = 64;

    private AbsentClasses() {}

    /**
     * Sets the logits at the mean of classes without rows, whose directions are 0.
     *
     * @param sizes the number or frequency of the rows of each class
     * @param bound a value that the largest logit of the other classes reaches for any features
     */
    static void place(double[] heights, double[] sizes, double bound) {
        for (int i = 0; i < heights.length; i++) {
            if (!(sizes[i] > 0)) {
                heights[i] = bound - MARGIN;
            }
        }
    }

    /** Returns biases for more classes, of which the further ones have no rows. */
    static float[] grown(float[] biases, int classes) {
        float lowest = Float.MAX_VALUE;
        for (float bias : biases) {
            lowest = Math.min(lowest, bias);
        }
        float[] grown = Arrays.copyOf(biases, classes);
        Arrays.fill(grown, biases.length, classes, (float) (lowest - MARGIN));
        return grown;
    }
}
