package io.headwater.engine.closed;

import java.util.Arrays;

/**
 * The targets of rows that are not 0, as integers of {@link FixedPoint}.
 *
 * @param outputs one more than the last output that has a target
 * @param places the outputs of each row's targets
 * @param values the targets of each row
 */
record TargetRows(int outputs, int[][] places, long[][] values) {

    /**
     * Converts one target per row.
     *
     * @throws IllegalArgumentException when there is not one per row, or a value is not finite
     */
    static TargetRows of(float[][] targets, int rows) {
        requireOnePerRow(targets.length, rows);
        int[][] places = new int[rows][];
        long[][] values = new long[rows][];
        int outputs = 0;
        for (int row = 0; row < rows; row++) {
            int[] place = new int[targets[row].length];
            long[] value = new long[place.length];
            int count = 0;
            for (int output = 0; output < targets[row].length; output++) {
                FeatureRows.requireFinite(targets[row][output], "targets", row);
                long integer = FixedPoint.of(targets[row][output]);
                if (integer != 0) {
                    place[count] = output;
                    value[count++] = integer;
                    outputs = Math.max(outputs, output + 1);
                }
            }
            places[row] = Arrays.copyOf(place, count);
            values[row] = Arrays.copyOf(value, count);
        }
        return new TargetRows(outputs, places, values);
    }

    /**
     * Converts one class per row to a target of 1 at the place of the class.
     *
     * @throws IllegalArgumentException when there is not one per row, or a class is negative
     */
    static TargetRows ofClasses(int[] classes, int rows) {
        requireOnePerRow(classes.length, rows);
        int[][] places = new int[rows][];
        long[][] values = new long[rows][];
        int outputs = 0;
        for (int row = 0; row < rows; row++) {
            if (classes[row] < 0) {
                throw new IllegalArgumentException("row " + row + " must have a class from 0, but has " + classes[row]);
            }
            places[row] = new int[] {classes[row]};
            values[row] = new long[] {FixedPoint.ONE};
            outputs = Math.max(outputs, classes[row] + 1);
        }
        return new TargetRows(outputs, places, values);
    }

    private static void requireOnePerRow(int targets, int rows) {
        if (targets != rows) {
            throw new IllegalArgumentException(rows + " rows of features need as many targets, but have " + targets);
        }
    }
}
