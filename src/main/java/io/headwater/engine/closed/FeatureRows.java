package io.headwater.engine.closed;

import java.util.function.LongToDoubleFunction;

/**
 * Rows of features as integers of {@link FixedPoint}.
 *
 * @param count the number of rows
 * @param width the number of features of a row
 * @param values the integers, row by row
 */
record FeatureRows(int count, int width, long[] values) {

    /**
     * Converts rows of features.
     *
     * @throws IllegalArgumentException when a row has another width, or a feature is not finite
     */
    static FeatureRows of(float[][] rows, int width) {
        long[] values = new long[Math.multiplyExact(rows.length, width)];
        int at = 0;
        for (int row = 0; row < rows.length; row++) {
            if (rows[row].length != width) {
                throw new IllegalArgumentException(
                        "row " + row + " of features must have " + width + " values, but has " + rows[row].length);
            }
            for (float value : rows[row]) {
                requireFinite(value, "features", row);
                values[at++] = FixedPoint.of(value);
            }
        }
        return new FeatureRows(rows.length, width, values);
    }

    static void requireFinite(float value, String what, int row) {
        if (!Float.isFinite(value)) {
            throw new IllegalArgumentException(
                    "row " + row + " of " + what + " must be finite, but holds " + value + "; leave the row out");
        }
    }

    long at(int row, int feature) {
        return values[row * width + feature];
    }

    /** Whether a feature of the rows {@code from} to {@code to}, excluding the latter, has a high limb. */
    boolean isWide(int from, int to) {
        for (int at = from * width; at < to * width; at++) {
            if (FixedPoint.isWide(values[at])) {
                return true;
            }
        }
        return false;
    }

    /** The low limbs of the rows {@code from} to {@code to}, row by row. */
    double[] low(int from, int to) {
        return limbs(from, to, FixedPoint::low);
    }

    /** The high limbs of the rows {@code from} to {@code to}, row by row. */
    double[] high(int from, int to) {
        return limbs(from, to, FixedPoint::high);
    }

    private double[] limbs(int from, int to, LongToDoubleFunction limb) {
        double[] limbs = new double[(to - from) * width];
        for (int i = 0; i < limbs.length; i++) {
            limbs[i] = limb.applyAsDouble(values[from * width + i]);
        }
        return limbs;
    }
}
