package io.headwater.engine.closed;

import io.headwater.engine.weights.Tensor;
import java.util.Map;
import java.util.TreeMap;

/**
 * The number of rows of features, and the sums of each feature and of its square: what is known of the distribution of
 * features whose targets are not. The sums are exact as those of {@link Moments}, so that they do not depend on the order
 * in which rows are added and removed.
 *
 * <p>They take {@code 32 * width} bytes. Not thread-safe.
 */
public final class FeatureSums {
    private final int width;
    private final Sums x;
    private final Sums squares;
    private long rows;

    private FeatureSums(int width, long rows, Sums x, Sums squares) {
        this.width = width;
        this.rows = rows;
        this.x = x;
        this.squares = squares;
    }

    /**
     * Returns the sums of no rows.
     *
     * @param width the number of features of a row, positive
     */
    public static FeatureSums of(int width) {
        if (width < 1) {
            throw new IllegalArgumentException("sums need at least 1 feature, but got " + width);
        }
        return new FeatureSums(width, 0, new Sums(width), new Sums(width));
    }

    /** Returns the number of features of a row. */
    public int width() {
        return width;
    }

    /** Returns the number of rows. */
    public long rows() {
        return rows;
    }

    /**
     * Adds a row.
     *
     * @throws IllegalArgumentException when it has another width or a value is not finite; nothing is added
     */
    public void add(float[] features) {
        accumulate(features, 1);
    }

    /**
     * Removes a row that was added. After this, the sums are those of the other rows alone.
     *
     * @throws IllegalArgumentException as {@link #add}, or when there are no rows
     */
    public void remove(float[] features) {
        if (rows == 0) {
            throw new IllegalArgumentException("sums of 0 rows cannot lose one; remove only rows that were added");
        }
        accumulate(features, -1);
    }

    private void accumulate(float[] features, int sign) {
        FeatureRows row = FeatureRows.of(new float[][] {features}, width);
        rows += sign;
        for (int i = 0; i < width; i++) {
            long value = row.at(0, i);
            x.add(i, sign * value);
            squares.addProduct(i, sign * value, value);
        }
    }

    /** Returns sums of the same rows, which change independently. */
    public FeatureSums copy() {
        return new FeatureSums(width, rows, x.copy(), squares.copy());
    }

    /** Returns the mean of each feature; 0 without rows. */
    double[] mean() {
        double[] mean = new double[width];
        for (int i = 0; i < width && rows > 0; i++) {
            long near = x.mean(i, rows);
            mean[i] = (near + (double) x.remainder(i, rows, near) / rows) * FixedPoint.UNIT;
        }
        return mean;
    }

    /** Returns the variance of each feature about its mean; 0 without rows. */
    double[] variance() {
        double[] variance = new double[width];
        for (int i = 0; i < width && rows > 0; i++) {
            long near = x.mean(i, rows);
            long remainder = x.remainder(i, rows, near);
            double scatter = squares.centred(i, near, remainder, x, i, near) - (double) remainder * remainder / rows;
            variance[i] = Math.max(0, scatter * FixedPoint.SQUARE_UNIT / rows);
        }
        return variance;
    }

    /** Returns the state, from which {@link #restore} continues exactly. */
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new TreeMap<>();
        state.put("rows", new Tensor.I64(new int[] {1}, new long[] {rows}));
        x.write("x", new int[] {width}, state);
        squares.write("squares", new int[] {width}, state);
        return state;
    }

    /**
     * Restores sums from their state.
     *
     * @param width the number of features of a row, positive
     * @throws IllegalArgumentException when the state is not that of sums of this width
     */
    public static FeatureSums restore(int width, Map<String, ? extends Tensor> state) {
        if (!(state.get("rows") instanceof Tensor.I64 rows) || rows.values().length != 1 || rows.values()[0] < 0) {
            throw new IllegalArgumentException(
                    "the state of sums must hold 'rows', their number, but holds " + state.keySet());
        }
        return new FeatureSums(
                width, rows.values()[0], Sums.read("x", width, state), Sums.read("squares", width, state));
    }
}
