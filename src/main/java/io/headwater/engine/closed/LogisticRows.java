package io.headwater.engine.closed;

import org.bytedeco.javacpp.DoublePointer;

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

    /**
     * Returns the sums of the products of two features, of which the upper triangle is set.
     *
     * @param copy the features in native memory
     */
    double[] squares(DoublePointer copy) {
        double[] squares = new double[width * width];
        try (DoublePointer product = new DoublePointer(squares.length)) {
            LinearAlgebra.crossProduct(copy, count(), width, product);
            product.get(squares);
        }
        return squares;
    }

    /** The number of weights. */
    int weights() {
        return width * outputs;
    }
}
