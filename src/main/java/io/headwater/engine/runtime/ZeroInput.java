package io.headwater.engine.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * An input that is always fed zeros.
 *
 * @param shape its shape for one row
 * @param batchAxis the index of the batch axis; -1 if it has none, so that all rows share it
 */
record ZeroInput(String name, OnnxJavaType type, long[] shape, int batchAxis) {
    private static final Set<OnnxJavaType> TYPES = EnumSet.of(
            OnnxJavaType.FLOAT,
            OnnxJavaType.FLOAT16,
            OnnxJavaType.DOUBLE,
            OnnxJavaType.INT32,
            OnnxJavaType.INT64,
            OnnxJavaType.BOOL);

    /** Whether tensors of zeros of {@code type} are supported. */
    static boolean isKnown(OnnxJavaType type) {
        return TYPES.contains(type);
    }

    /** Returns zeros for {@code rows} rows; the caller closes them. */
    OnnxTensor tensor(int rows) throws OrtException {
        long[] sizes = shape.clone();
        if (batchAxis >= 0) {
            sizes[batchAxis] *= rows;
        }
        int bytes = Math.toIntExact(Arrays.stream(sizes).reduce(type.size, Math::multiplyExact));
        ByteBuffer zeros = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        return OnnxTensor.createTensor(OnnxRuntime.environment(), zeros, sizes, type);
    }
}
