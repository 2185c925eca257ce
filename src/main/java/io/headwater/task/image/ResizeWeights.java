package io.headwater.task.image;

import java.util.Arrays;

/**
 * The weights with which a row or column of pixels is resampled to another length.
 *
 * @param source original length
 * @param starts for each new value, the index of the first old value that contributes to it
 * @param weights for each new value, the weights of the old values from that index on; their sum is 1
 */
record ResizeWeights(int source, int[] starts, float[][] weights) {

    /** Computes bilinear weights with half-pixel centres; when shrinking, the triangle filter is widened. */
    static ResizeWeights of(int source, int target) {
        double scale = (double) source / target;
        double support = Math.max(1, scale);
        int[] starts = new int[target];
        float[][] weights = new float[target][];
        for (int i = 0; i < target; i++) {
            double centre = (i + 0.5) * scale;
            int from = Math.max(0, (int) (centre - support + 0.5));
            int to = Math.max(from + 1, Math.min(source, (int) (centre + support + 0.5)));
            double[] shares = new double[to - from];
            for (int j = from; j < to; j++) {
                shares[j - from] = Math.max(0, 1 - Math.abs(j + 0.5 - centre) / support);
            }
            double sum = Arrays.stream(shares).sum();
            starts[i] = from;
            weights[i] = new float[shares.length];
            for (int j = 0; j < shares.length; j++) {
                weights[i][j] = (float) (shares[j] / sum);
            }
        }
        return new ResizeWeights(source, starts, weights);
    }

    /** Resizes each of {@code rows} rows of an image. */
    float[] rows(float[] values, int rows) {
        int target = starts.length;
        float[] mixed = new float[rows * target];
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < target; x++) {
                float[] shares = weights[x];
                int at = y * source + starts[x];
                float sum = 0;
                for (int j = 0; j < shares.length; j++) {
                    sum += shares[j] * values[at + j];
                }
                mixed[y * target + x] = sum;
            }
        }
        return mixed;
    }

    /** Resizes each of {@code columns} columns of an image. */
    float[] columns(float[] values, int columns) {
        int target = starts.length;
        float[] mixed = new float[target * columns];
        for (int y = 0; y < target; y++) {
            float[] shares = weights[y];
            for (int j = 0; j < shares.length; j++) {
                int from = (starts[y] + j) * columns;
                float share = shares[j];
                for (int x = 0; x < columns; x++) {
                    mixed[y * columns + x] += share * values[from + x];
                }
            }
        }
        return mixed;
    }
}
