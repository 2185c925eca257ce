package io.headwater.engine.closed;

/**
 * Rows of features at hand, centred and scaled, each with a last feature of 1 for the bias, and their classes.
 *
 * @param features the features, row by row
 * @param width the number of features of a row, that of the bias included
 * @param classes the class of each row
 * @param outputs the number of classes
 */
record LogisticRows(double[] features, int width, int[] classes, int outputs) {

    int count() {
        return classes.length;
    }

    /** The number of weights. */
    int weights() {
        return width * outputs;
    }
}
