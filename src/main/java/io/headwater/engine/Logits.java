package io.headwater.engine;

/** What logits mean. */
public final class Logits {
    private Logits() {}

    /** Replaces {@code count} logits from {@code from} on by their softmax, computed in double precision. */
    public static void softmax(float[] logits, int from, int count) {
        double[] wide = new double[count];
        for (int i = 0; i < count; i++) {
            wide[i] = logits[from + i];
        }
        double[] probabilities = CrossEntropy.softmax(wide, 0, count);
        for (int i = 0; i < count; i++) {
            logits[from + i] = (float) probabilities[i];
        }
    }

    /** The same numbers in double precision. */
    public static double[] wide(float[] logits) {
        double[] wide = new double[logits.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = logits[i];
        }
        return wide;
    }
}
