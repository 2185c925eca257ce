package io.headwater.engine;

import java.util.Arrays;

/** Operations on logits in single precision. */
public final class Logits {
    private Logits() {}

    /** Replaces {@code count} logits from {@code from} on by their softmax, computed in double precision. */
    public static void softmax(float[] logits, int from, int count) {
        double[] wide = wide(Arrays.copyOfRange(logits, from, from + count));
        double[] probabilities = Softmax.ofRow(wide, 0, count).probabilities();
        for (int i = 0; i < count; i++) {
            logits[from + i] = (float) probabilities[i];
        }
    }

    /** Returns the same logits in double precision. */
    public static double[] wide(float[] logits) {
        double[] wide = new double[logits.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = logits[i];
        }
        return wide;
    }
}
