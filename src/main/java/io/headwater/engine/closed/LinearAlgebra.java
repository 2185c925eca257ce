package io.headwater.engine.closed;

import static org.bytedeco.openblas.global.openblas.CblasLeft;
import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasNonUnit;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.CblasUpper;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dpotrf;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dpotrs;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dsyevd;
import static org.bytedeco.openblas.global.openblas.LAPACK_COL_MAJOR;
import static org.bytedeco.openblas.global.openblas.cblas_dgemm;
import static org.bytedeco.openblas.global.openblas.cblas_dsymm;
import static org.bytedeco.openblas.global.openblas.cblas_dsyr2k;
import static org.bytedeco.openblas.global.openblas.cblas_dsyrk;
import static org.bytedeco.openblas.global.openblas.cblas_dtrsm;

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
    /** An upper triangle row by row is a lower triangle column by column, which is the order of LAPACK. */
    private static final byte LOWER = 'L';

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

    /** Subtracts {@code a' a} from {@code square}, for {@code a} of {@code rows} rows of {@code width} values. */
    static void subtractCrossProduct(double[] a, int rows, int width, double[] square) {
        if (rows > 0) {
            cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, width, rows, -1, a, width, 1, square, width);
        }
    }

    /** Returns {@code a b'}, or {@code a b}, for {@code a} of {@code rows} rows and a square {@code b}. */
    static double[] product(double[] a, int rows, double[] b, int width, boolean transposed) {
        double[] product = new double[a.length];
        int order = transposed ? CblasTrans : CblasNoTrans;
        cblas_dgemm(CblasRowMajor, CblasNoTrans, order, rows, width, width, 1, a, width, b, width, 0, product, width);
        return product;
    }

    static double trace(double[] square, int width) {
        double trace = 0;
        for (int i = 0; i < width; i++) {
            trace += square[i * width + i];
        }
        return trace;
    }

    /**
     * Replaces {@code square} by its Cholesky factor.
     *
     * @return whether the matrix is positive definite
     */
    static boolean factorise(double[] square, int width) {
        return LAPACKE_dpotrf(LAPACK_COL_MAJOR, LOWER, width, square, width) == 0;
    }

    /** Replaces each of {@code rows} rows of {@code right} by the solution for it, given a Cholesky factor. */
    static void solve(double[] factor, int width, double[] right, int rows) {
        if (rows > 0) {
            requireDone(LAPACKE_dpotrs(LAPACK_COL_MAJOR, LOWER, width, rows, factor, width, right, width));
        }
    }

    /** Replaces {@code square} by its eigenvectors, one in each row, and returns their eigenvalues in rising order. */
    static double[] eigenvectors(double[] square, int width) {
        double[] eigenvalues = new double[width];
        requireDone(LAPACKE_dsyevd(LAPACK_COL_MAJOR, (byte) 'V', LOWER, width, square, width, eigenvalues));
        return eigenvalues;
    }

    /**
     * Replaces the symmetric positive definite {@code square} by its Cholesky factor.
     *
     * @throws IllegalStateException when the matrix is not positive definite
     */
    static void factorise(DoublePointer square, int width) {
        requireDone(LAPACKE_dpotrf(LAPACK_COL_MAJOR, LOWER, width, square, width));
    }

    /** Replaces each of {@code columns} columns of {@code right} by the solution for it, given a Cholesky factor. */
    static void solveColumns(DoublePointer factor, int width, DoublePointer right, int columns) {
        for (int order : new int[] {CblasTrans, CblasNoTrans}) {
            cblas_dtrsm(
                    CblasRowMajor,
                    CblasLeft,
                    CblasUpper,
                    order,
                    CblasNonUnit,
                    width,
                    columns,
                    1,
                    factor,
                    width,
                    right,
                    columns);
        }
    }

    /** Sets {@code product} to {@code a b}, for {@code a} of {@code rows} rows of {@code width} values. */
    static void multiply(DoublePointer a, int rows, int width, DoublePointer b, int columns, DoublePointer product) {
        if (rows > 0) {
            cblas_dgemm(
                    CblasRowMajor,
                    CblasNoTrans,
                    CblasNoTrans,
                    rows,
                    columns,
                    width,
                    1,
                    a,
                    width,
                    b,
                    columns,
                    0,
                    product,
                    columns);
        }
    }

    /** Adds {@code a' b} to {@code sum}, for {@code a} of {@code rows} rows of {@code width} values. */
    static void addTransposedProduct(
            DoublePointer a, int rows, int width, DoublePointer b, int columns, DoublePointer sum) {
        if (rows > 0) {
            cblas_dgemm(
                    CblasRowMajor,
                    CblasTrans,
                    CblasNoTrans,
                    width,
                    columns,
                    rows,
                    1,
                    a,
                    width,
                    b,
                    columns,
                    1,
                    sum,
                    columns);
        }
    }

    /** Adds the product of the symmetric {@code square} and {@code b} to {@code sum}. */
    static void addSymmetricProduct(DoublePointer square, int width, DoublePointer b, int columns, DoublePointer sum) {
        cblas_dsymm(
                CblasRowMajor, CblasLeft, CblasUpper, width, columns, 1, square, width, b, columns, 1, sum, columns);
    }

    private static void requireDone(int info) {
        if (info != 0) {
            throw new IllegalStateException("LAPACK could not solve a symmetric system: info " + info);
        }
    }
}
