package io.headwater.adapt.drift;

import java.util.Arrays;

/** The centre of samples and the typical distance between two of them, from the first 32. */
final class FeatureScale {
    private static final int NEEDED = 32;

    /** The sum of each feature, the sum of squares of all features, and the number of samples. */
    private final double[] sums;

    FeatureScale(int features) {
        this(new double[features + 2]);
    }

    private FeatureScale(double[] sums) {
        this.sums = sums;
    }

    boolean known() {
        return sums[sums.length - 1] >= NEEDED;
    }

    void add(float[] features) {
        for (int i = 0; i < features.length; i++) {
            sums[i] += features[i];
            sums[features.length] += (double) features[i] * features[i];
        }
        sums[features.length + 1]++;
    }

    /** Returns the features less their means, in units of the distance between two samples. */
    float[] standardised(float[] features) {
        double count = sums[sums.length - 1];
        double distance = distance();
        float[] standardised = new float[features.length];
        for (int i = 0; i < features.length; i++) {
            standardised[i] = (float) ((features[i] - sums[i] / count) / distance);
        }
        return standardised;
    }

    /** Returns the root of the mean squared distance; 1 when all samples are equal. */
    private double distance() {
        double count = sums[sums.length - 1];
        double variance = sums[sums.length - 2];
        for (int i = 0; i < sums.length - 2; i++) {
            variance -= sums[i] * sums[i] / count;
        }
        return variance > 0 ? Math.sqrt(2 * variance / (count - 1)) : 1;
    }

    double[] state() {
        return sums.clone();
    }

    static FeatureScale restore(double[] state) {
        return new FeatureScale(Arrays.copyOf(state, state.length));
    }
}
