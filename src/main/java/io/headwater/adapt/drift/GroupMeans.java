package io.headwater.adapt.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The means of random features in each group of samples, and how samples scatter around them. */
final class GroupMeans {
    private static final int SIZE = RandomFeatures.SIZE;

    /** For each group, the sums of its features and the number of its samples. */
    private final List<double[]> sums = new ArrayList<>();

    /** The sums of products of two features. */
    private final double[] products;

    GroupMeans() {
        this(new double[SIZE * SIZE]);
    }

    private GroupMeans(double[] products) {
        this.products = products;
    }

    void add(float[] features, int group) {
        while (sums.size() <= group) {
            sums.add(new double[SIZE + 1]);
        }
        double[] sum = sums.get(group);
        for (int i = 0; i < SIZE; i++) {
            sum[i] += features[i];
            for (int j = 0; j < SIZE; j++) {
                products[i * SIZE + j] += (double) features[i] * features[j];
            }
        }
        sum[SIZE]++;
    }

    /** Returns the number of samples in a group. */
    double count(int group) {
        return group < sums.size() ? sums.get(group)[SIZE] : 0;
    }

    /** Returns the mean of a feature in a group that has samples. */
    double mean(int group, int feature) {
        return sums.get(group)[feature] / count(group);
    }

    int groups() {
        return sums.size();
    }

    /** Returns the trace of the covariance within groups, and that of its square. */
    double[] traces() {
        double[] covariance = products.clone();
        double freedom = 0;
        for (int group = 0; group < sums.size(); group++) {
            if (count(group) > 0) {
                freedom += count(group) - 1;
                for (int i = 0; i < SIZE; i++) {
                    for (int j = 0; j < SIZE; j++) {
                        covariance[i * SIZE + j] -= sums.get(group)[i] * mean(group, j);
                    }
                }
            }
        }
        double trace = 0;
        double square = 0;
        for (int i = 0; i < covariance.length; i++) {
            double value = covariance[i] / Math.max(1, freedom);
            square += value * value;
            trace += i % (SIZE + 1) == 0 ? value : 0;
        }
        return new double[] {trace, square};
    }

    double[] state() {
        double[] state = new double[products.length + sums.size() * (SIZE + 1)];
        System.arraycopy(products, 0, state, 0, products.length);
        int at = products.length;
        for (double[] sum : sums) {
            System.arraycopy(sum, 0, state, at, sum.length);
            at += sum.length;
        }
        return state;
    }

    /** Returns the number of values of {@link #state}. */
    static int stateSize(int groups) {
        return SIZE * SIZE + groups * (SIZE + 1);
    }

    static GroupMeans restore(double[] state, int groups) {
        GroupMeans means = new GroupMeans(Arrays.copyOf(state, SIZE * SIZE));
        for (int group = 0; group < groups; group++) {
            int at = SIZE * SIZE + group * (SIZE + 1);
            means.sums.add(Arrays.copyOfRange(state, at, at + SIZE + 1));
        }
        return means;
    }
}
