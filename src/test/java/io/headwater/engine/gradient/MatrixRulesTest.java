package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class MatrixRulesTest {

    @Property(tries = 60)
    void shouldPassMatMulWithAnyBroadcast(
            @ForAll @IntRange(min = 1, max = 4) int leftRank,
            @ForAll @IntRange(min = 1, max = 4) int rightRank,
            @ForAll @IntRange(max = 15) int stretched,
            @ForAll boolean varying,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck check = GradientCheck.at(13, seed)
                .wants("a", shape(leftRank, new long[] {3, 4}, stretched & 3))
                .wants("b", shape(rightRank, rightRank == 1 ? new long[] {4} : new long[] {4, 5}, stretched >> 2));
        if (varying && leftRank > 1) {
            check.varying("a", leftRank - 2);
        }
        check.node("MatMul", List.of("a", "b"), List.of("y")).holds();
    }

    @Property(tries = 10)
    void shouldPassManyRowsByAMatrixWhateverTheirNumber(@ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck.at(9, seed)
                .wants("a", 2, 3, 4)
                .varying("a", 0, 1)
                .wants("b", 4, 5)
                .node("MatMul", List.of("a", "b"), List.of("y"))
                .holds();
    }

    @Property(tries = 10)
    void shouldPassProductsOfBatchesWhateverTheirSizes(@ForAll @IntRange(min = 1, max = 1000) int seed) {
        GradientCheck.at(17, seed)
                .wants("a", 2, 3, 4, 5)
                .varying("a", 0, 2)
                .wants("b", 2, 3, 5, 4)
                .varying("b", 0, 3)
                .node("MatMul", List.of("a", "b"), List.of("y"))
                .holds();
    }

    @Property(tries = 60)
    void shouldPassGemmInAllItsForms(
            @ForAll boolean transA,
            @ForAll boolean transB,
            @ForAll @IntRange(max = 5) int bias,
            @ForAll boolean varying,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        long[][] biases = {{}, {1}, {4}, {1, 4}, {2, 1}, {2, 4}};
        GradientCheck check = GradientCheck.at(bias % 2 == 0 ? 9 : 13, seed)
                .wants("a", transA ? new long[] {3, 2} : new long[] {2, 3})
                .wants("b", transB ? new long[] {4, 3} : new long[] {3, 4})
                .wants("c", biases[bias]);
        if (varying && bias < 4) {
            check.varying("a", transA ? 1 : 0);
        }
        check.node(
                        "Gemm",
                        List.of("a", "b", "c"),
                        List.of("y"),
                        attribute("alpha", 0.5f),
                        attribute("beta", 1.5f),
                        attribute("transA", transA ? 1 : 0),
                        attribute("transB", transB ? 1 : 0))
                .holds();
    }

    @Property(tries = 40)
    void shouldPassFusedMatMul(
            @ForAll boolean transA,
            @ForAll boolean transB,
            @ForAll @IntRange(max = 3) int shape,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        long[] left = transA ? new long[] {4, 3} : new long[] {3, 4};
        long[] right = transB ? new long[] {5, 4} : new long[] {4, 5};
        GradientCheck.at(13, seed)
                .inSinglePrecision()
                .domain("com.microsoft", 1)
                .wants("a", shape(3, left, shape & 1))
                .wants("b", shape(shape < 2 ? 3 : 2, right, shape >> 1))
                .node(
                        "com.microsoft",
                        "FusedMatMul",
                        List.of("a", "b"),
                        List.of("y"),
                        attribute("alpha", 0.5f),
                        attribute("transA", transA ? 1 : 0),
                        attribute("transB", transB ? 1 : 0))
                .holds();
    }

    /**
     * Returns a shape of {@code rank} axes that ends with {@code matrix}, preceded by the end of [2, 3], with size 1
     * for the axes that {@code stretched} selects.
     */
    private static long[] shape(int rank, long[] matrix, int stretched) {
        long[] shape = new long[rank];
        for (int axis = 1; axis <= rank; axis++) {
            if (axis <= 2) {
                shape[rank - axis] = matrix[Math.max(matrix.length - axis, 0)];
            } else {
                shape[rank - axis] = (stretched >> (axis - 3) & 1) == 1 ? 1 : 5 - axis + 1;
            }
        }
        return shape;
    }
}
