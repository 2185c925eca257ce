package io.headwater.engine.top;

import io.headwater.engine.onnx.Attributes;
import io.headwater.engine.onnx.OnnxGraph;
import io.headwater.engine.onnx.Tensors;
import java.nio.ByteOrder;
import java.util.Optional;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;

/**
 * A constant of a model, converted to single precision.
 *
 * @param dims sizes of its axes
 * @param values row-major
 */
record ConstantMatrix(long[] dims, float[] values) {

    /**
     * The constant with this name, also if it passes through casts or, for a matrix, a transposition; empty if it is
     * not a constant of floats, doubles or halves.
     */
    static Optional<ConstantMatrix> of(OnnxGraph graph, String name) {
        TensorProto constant = graph.constant(name);
        if (constant != null) {
            return of(constant);
        }
        NodeProto node = graph.producer(name);
        if (node == null || node.getInputCount() != 1) {
            return Optional.empty();
        }
        return switch (node.getOpType()) {
            case "Identity", "Cast" -> of(graph, node.getInput(0));
            case "Transpose" ->
                of(graph, node.getInput(0))
                        .filter(matrix -> swaps(node, matrix))
                        .map(ConstantMatrix::transposed);
            default -> Optional.empty();
        };
    }

    private static Optional<ConstantMatrix> of(TensorProto constant) {
        long[] dims = Tensors.dims(constant);
        if (constant.getDataType() == DataType.DOUBLE_VALUE) {
            double[] doubles = new double[constant.getRawData().size() / Double.BYTES];
            constant.getRawData()
                    .asReadOnlyByteBuffer()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asDoubleBuffer()
                    .get(doubles);
            float[] values = new float[doubles.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) doubles[i];
            }
            return Optional.of(new ConstantMatrix(dims, values));
        }
        TensorProto wide = Widening.of(constant);
        return wide.getDataType() == DataType.FLOAT_VALUE
                ? Optional.of(new ConstantMatrix(dims, Tensors.floats(wide)))
                : Optional.empty();
    }

    private static boolean swaps(NodeProto node, ConstantMatrix matrix) {
        return matrix.dims.length == 2
                && Attributes.integers(node, "perm").map(perm -> perm[0] == 1).orElse(true);
    }

    /** The transpose of a matrix. */
    ConstantMatrix transposed() {
        int rows = Math.toIntExact(dims[0]);
        int columns = Math.toIntExact(dims[1]);
        float[] turned = new float[values.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                turned[column * rows + row] = values[row * columns + column];
            }
        }
        return new ConstantMatrix(new long[] {columns, rows}, turned);
    }

    /** Returns the constant with every value multiplied by {@code factor}. */
    ConstantMatrix times(float factor) {
        float[] scaled = values.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= factor;
        }
        return new ConstantMatrix(dims, scaled);
    }
}
