package io.headwater.engine.dense;

import io.headwater.engine.weights.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The mean and variance of each feature over the rows so far, and the shift and deviation by which a head scales features:
 * scaled = (feature - shift) / deviation. Shift and deviation follow mean and variance only now and then, because a head
 * must be converted whenever they change.
 *
 * <p>All values are kept in single precision, so that a checkpoint contains them exactly.
 */
final class RunningScale {
    /** The prefix of the names of its tensors in the state of a head. */
    static final String PREFIX = "scale/";

    private static final String ROWS = PREFIX + "rows";
    private static final String MEAN = PREFIX + "mean";
    private static final String VARIANCE = PREFIX + "variance";
    private static final String SHIFT = PREFIX + "shift";
    private static final String DEVIATION = PREFIX + "deviation";

    /** Rows that count at most, so that features of a stream that changes are followed. Exact as a float. */
    private static final int MOST_ROWS = 1 << 20;

    /** How much the number of rows must grow until shift and deviation are set again. */
    private static final double GROWTH = 1.25;

    /**
     * The weight, in rows, of the assumption that all features have the same variance. A feature that was constant in a
     * few rows, such as one behind a ReLU, would otherwise be scaled up without limit.
     */
    private static final double PRIOR_ROWS = 8;

    /** The least variance, relative to the mean variance. */
    private static final double LEAST_VARIANCE = 1e-7;

    private final float[] mean;
    private final float[] variance;
    private final float[] shift;
    private final float[] deviation;
    private int rows;
    private int rowsWhenSet;

    private RunningScale(float[] mean, float[] variance, float[] shift, float[] deviation, int rows, int rowsWhenSet) {
        this.mean = mean;
        this.variance = variance;
        this.shift = shift;
        this.deviation = deviation;
        this.rows = rows;
        this.rowsWhenSet = rowsWhenSet;
    }

    /** Returns a scale that changes no feature. */
    static RunningScale none(int width) {
        float[] ones = new float[width];
        Arrays.fill(ones, 1);
        return new RunningScale(new float[width], new float[width], new float[width], ones, 0, 0);
    }

    /**
     * Restores the scale that is part of a head's state; without one, it changes no feature.
     *
     * @throws IllegalArgumentException when a tensor is missing, has another size or has a value that is not possible
     */
    static RunningScale restore(int width, Map<String, Tensor.F32> state) {
        if (!state.containsKey(ROWS)) {
            return none(width);
        }
        float[] counts = read(state, ROWS, 2, 0);
        return new RunningScale(
                read(state, MEAN, width, -Float.MAX_VALUE),
                read(state, VARIANCE, width, 0),
                read(state, SHIFT, width, -Float.MAX_VALUE),
                read(state, DEVIATION, width, Float.MIN_VALUE),
                (int) counts[0],
                (int) counts[1]);
    }

    private static float[] read(Map<String, Tensor.F32> state, String name, int length, float least) {
        Tensor.F32 tensor = state.get(name);
        if (tensor == null || tensor.values().length != length) {
            throw new IllegalArgumentException("a head's " + name + " must have " + length + " values, but has "
                    + (tensor == null ? "none" : Arrays.toString(tensor.shape())));
        }
        for (float value : tensor.values()) {
            if (!(value >= least && value <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "a head's " + name + " must be at least " + least + " and finite, but holds " + value);
            }
        }
        return tensor.values().clone();
    }

    /** Returns its tensors for the state of a head; empty before the first row. */
    Map<String, Tensor.F32> state() {
        Map<String, Tensor.F32> state = new TreeMap<>();
        if (rows > 0) {
            state.put(ROWS, new Tensor.F32(new int[] {2}, new float[] {rows, rowsWhenSet}));
            state.put(MEAN, vector(mean));
            state.put(VARIANCE, vector(variance));
            state.put(SHIFT, vector(shift));
            state.put(DEVIATION, vector(deviation));
        }
        return state;
    }

    private static Tensor.F32 vector(float[] values) {
        return new Tensor.F32(new int[] {values.length}, values.clone());
    }

    float[] shift() {
        return shift;
    }

    float[] deviation() {
        return deviation;
    }

    /**
     * Adds rows to the mean and variance (Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing
     * sample variances", 1979).
     *
     * @param values finite, row by row
     */
    void observe(float[] values) {
        int added = values.length / mean.length;
        int before = Math.max(0, Math.min(rows, MOST_ROWS - added));
        double all = before + added;
        for (int i = 0; i < mean.length && added > 0; i++) {
            double sum = 0;
            for (int at = i; at < values.length; at += mean.length) {
                sum += values[at];
            }
            double own = sum / added;
            double squares = 0;
            for (int at = i; at < values.length; at += mean.length) {
                squares += (values[at] - own) * (values[at] - own);
            }
            double difference = own - mean[i];
            variance[i] = (float) Math.min(
                    Float.MAX_VALUE,
                    (variance[i] * before + squares + difference * difference * before * added / all) / all);
            mean[i] += (float) (difference * added / all);
        }
        rows = Math.min(before + added, MOST_ROWS);
    }

    /** Whether there are enough new rows to set shift and deviation again. */
    boolean isDue() {
        return rows > 0 && (rowsWhenSet == 0 || rows >= GROWTH * rowsWhenSet);
    }

    /** Returns a scale of the same rows whose shift and deviation are those of the rows. */
    RunningScale refreshed() {
        double[] positive = new double[variance.length];
        int count = 0;
        double sum = 0;
        for (float one : variance) {
            if (one > 0) {
                positive[count++] = one;
                sum += one;
            }
        }
        float[] deviations = new float[variance.length];
        Arrays.fill(deviations, 1);
        if (count > 0) {
            Arrays.sort(positive, 0, count);
            double usual = StrictMath.log(positive[count / 2]);
            double least = LEAST_VARIANCE * sum / variance.length;
            for (int i = 0; i < deviations.length; i++) {
                double log = StrictMath.log(Math.max(variance[i], least));
                double shrunk = (rows * log + PRIOR_ROWS * usual) / (rows + PRIOR_ROWS);
                deviations[i] = (float) StrictMath.max(Float.MIN_NORMAL, StrictMath.exp(shrunk / 2));
            }
        }
        return new RunningScale(mean, variance, mean.clone(), deviations, rows, rows);
    }

    /** Replaces features, row by row, by scaled features. */
    void apply(float[] values) {
        int width = mean.length;
        for (int from = 0; from < values.length; from += width) {
            for (int i = 0; i < width; i++) {
                values[from + i] = (values[from + i] - shift[i]) / deviation[i];
            }
        }
    }
}
