package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Gradients of matrix products. */
final class MatrixRules {
    private MatrixRules() {}

    static Map<String, GradientRule> all() {
        return Map.of(
                "MatMul", MatrixRules::matMul,
                "Gemm", MatrixRules::gemm,
                "com.microsoft:FusedMatMul", MatrixRules::fusedMatMul);
    }

    private static void matMul(Node node, Backward backward) {
        String a = node.input(0);
        String b = node.input(1);
        if (backward.rank(a) >= 2 && isMatrix(backward.shape(b))) {
            byMatrix(node, backward);
        } else if (backward.rank(a) == 1 || backward.rank(b) == 1) {
            withVector(node, backward);
        } else {
            product(node, backward.gradient(node), 1, false, false, backward);
        }
    }

    private static boolean isMatrix(long[] shape) {
        return shape.length == 2 && shape[0] > 0 && shape[1] > 0;
    }

    /** Multiplies any number of rows by one matrix, such as a weight: all rows are handled in one product. */
    private static void byMatrix(Node node, Backward backward) {
        String a = node.input(0);
        String b = node.input(1);
        long[] weight = backward.shape(b);
        boolean flat = backward.rank(a) == 2;
        String gradient = backward.gradient(node);
        String rows = flat ? gradient : backward.op("Reshape", gradient, backward.integers(-1, weight[1]));
        if (backward.wants(a)) {
            String product = gemm(rows, false, b, true, 1, backward);
            backward.add(a, flat ? product : backward.reshapedLike(product, a));
        }
        if (backward.wants(b)) {
            String inputs = flat ? a : backward.op("Reshape", a, backward.integers(-1, weight[0]));
            backward.add(b, gemm(inputs, true, rows, false, 1, backward));
        }
    }

    /** A vector on the left is treated as a matrix of one row, a vector on the right as a matrix of one column. */
    private static void withVector(Node node, Backward backward) {
        String a = node.input(0);
        String b = node.input(1);
        String gradient = backward.gradient(node);
        long[] left = backward.shape(a);
        long[] right = backward.shape(b);
        String row = a;
        String column = b;
        if (left.length == 1) {
            row = backward.op("Unsqueeze", a, backward.integers(0));
            gradient = backward.op("Unsqueeze", gradient, backward.integers(right.length == 1 ? -1 : -2));
            left = new long[] {1, left[0]};
        }
        if (right.length == 1) {
            column = backward.op("Unsqueeze", b, backward.integers(1));
            gradient = backward.op("Unsqueeze", gradient, backward.integers(-1));
            right = new long[] {right[0], 1};
        }
        if (backward.wants(a)) {
            String product = backward.op("MatMul", gradient, swapped(column, right.length, backward));
            backward.add(a, backward.reshapedLike(summed(product, left, right, backward), a));
        }
        if (backward.wants(b)) {
            String product = backward.op("MatMul", swapped(row, left.length, backward), gradient);
            backward.add(b, backward.reshapedLike(summed(product, right, left, backward), b));
        }
    }

    private static void fusedMatMul(Node node, Backward backward) {
        if (node.integer("transBatchA", 0) != 0 || node.integer("transBatchB", 0) != 0) {
            throw node.refused("transposes batch axes (transBatchA, transBatchB)");
        }
        if (backward.rank(node.input(0)) < 2 || backward.rank(node.input(1)) < 2) {
            throw node.refused("multiplies a vector");
        }
        boolean transposedA = node.integer("transA", 0) != 0;
        boolean transposedB = node.integer("transB", 0) != 0;
        product(node, backward.gradient(node), node.real("alpha", 1), transposedA, transposedB, backward);
    }

    /**
     * The gradient of alpha A B, where A and B may be transposed in their last two axes and the other axes are
     * broadcast.
     */
    private static void product(
            Node node, String gradient, float alpha, boolean transposedA, boolean transposedB, Backward backward) {
        String a = node.input(0);
        String b = node.input(1);
        int rank = backward.rank(node.output());
        if (backward.wants(a)) {
            String other = oriented(b, !transposedB, backward);
            String product = transposedA
                    ? backward.op("MatMul", oriented(b, transposedB, backward), swapped(gradient, rank, backward))
                    : backward.op("MatMul", gradient, other);
            String scaled = backward.scaled(product, alpha);
            backward.add(a, summed(scaled, backward.shape(a), backward.shape(b), backward));
        }
        if (backward.wants(b)) {
            String product = transposedB
                    ? backward.op("MatMul", swapped(gradient, rank, backward), oriented(a, transposedA, backward))
                    : backward.op("MatMul", oriented(a, !transposedA, backward), gradient);
            String scaled = backward.scaled(product, alpha);
            backward.add(b, summed(scaled, backward.shape(b), backward.shape(a), backward));
        }
    }

    private static String oriented(String matrix, boolean transposed, Backward backward) {
        return transposed ? swapped(matrix, backward.rank(matrix), backward) : matrix;
    }

    private static String swapped(String matrix, int rank, Backward backward) {
        long[] permutation = IntStream.range(0, rank).mapToLong(axis -> axis).toArray();
        permutation[rank - 1] = rank - 2;
        permutation[rank - 2] = rank - 1;
        return backward.transpose(matrix, permutation);
    }

    /** Sums over the axes before the last two along which {@code operand} was broadcast. */
    private static String summed(String gradient, long[] operand, long[] other, Backward backward) {
        int rank = Math.max(operand.length, other.length);
        long[] result = new long[rank];
        for (int axis = 0; axis < rank; axis++) {
            int own = axis - rank + operand.length;
            int others = axis - rank + other.length;
            boolean stretched = axis < rank - 2 && (own < 0 || operand[own] == 1);
            result[axis] = stretched && others >= 0 ? other[others] : operand[own];
        }
        return backward.unbroadcast(gradient, operand, result);
    }

    private static void gemm(Node node, Backward backward) {
        String a = node.input(0);
        String b = node.input(1);
        boolean transposedA = node.integer("transA", 0) != 0;
        boolean transposedB = node.integer("transB", 0) != 0;
        float alpha = node.real("alpha", 1);
        String gradient = backward.gradient(node);
        if (backward.wants(a)) {
            String product = transposedA
                    ? gemm(b, transposedB, gradient, true, alpha, backward)
                    : gemm(gradient, false, b, !transposedB, alpha, backward);
            backward.add(a, product);
        }
        if (backward.wants(b)) {
            String product = transposedB
                    ? gemm(gradient, true, a, transposedA, alpha, backward)
                    : gemm(a, !transposedA, gradient, false, alpha, backward);
            backward.add(b, product);
        }
        if (backward.wants(node, 2)) {
            String summed = backward.unbroadcast(gradient, node.input(2), node.output());
            backward.add(node.input(2), backward.scaled(summed, node.real("beta", 1)));
        }
    }

    private static String gemm(
            String a, boolean transposedA, String b, boolean transposedB, float alpha, Backward backward) {
        return backward.op(
                "Gemm",
                List.of(
                        attribute("transA", transposedA ? 1 : 0),
                        attribute("transB", transposedB ? 1 : 0),
                        attribute("alpha", alpha)),
                a,
                b);
    }
}
