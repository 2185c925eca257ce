package io.headwater.engine.closed;

import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.CblasUpper;
import static org.bytedeco.openblas.global.openblas.cblas_dsyr2k;
import static org.bytedeco.openblas.global.openblas.cblas_dsyrk;

import io.headwater.engine.device.Nd4jRuntime;
import org.bytedeco.javacpp.DoublePointer;

/**
 * The routines of BLAS and LAPACK that closed forms need, in double precision. They are called in OpenBLAS, the library
 * that ND4J's CPU back end uses, and not through ND4J 1.0.0-M2.1, whose {@code trsm} and {@code syrk} confuse the
 * dimensions of their matrices. The number of threads is the one that ND4J sets.
 *
 * <p>A symmetric matrix is given by its upper triangle, row by row; the rest of its array is neither read nor written.
 */
final class LinearAlgebra {
    static {
        Nd4jRuntime.start(); // sets the number of threads
    }

    private LinearAlgebra() {}

    /** Sets {@code square} to {@code a' a}, for {@code a} of {@code rows} rows of {@code width} values. */
    static void crossProduct(DoublePointer a, int rows, int width, DoublePointer square) {
        cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, width, rows, 1, a, width, 0, square, width);
    }

    /** Sets {@code square} to {@code a' b + b' a}. */
    static void crossProduct(DoublePointer a, DoublePointer b, int rows, int width, DoublePointer square) {
        cblas_dsyr2k(CblasRowMajor, CblasUpper, CblasTrans, width, rows, 1, a, width, b, width, 0, square, width);
    }
}
