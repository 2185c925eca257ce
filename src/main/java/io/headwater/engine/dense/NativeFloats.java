package io.headwater.engine.dense;

import io.headwater.engine.device.Nd4jRuntime;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Copies values between Java and arrays of ND4J in one piece, where ND4J 1.0.0-M2.1 copies them one by one. */
final class NativeFloats {
    private NativeFloats() {}

    /** Returns the values of an array that is contiguous and no view, in the order of its memory. */
    static float[] read(INDArray array) {
        if (!isShared(array)) {
            return array.data().asFloat();
        }
        float[] values = new float[Math.toIntExact(array.length())];
        memory(array).get(values);
        return values;
    }

    /** Replaces the values of an array that is contiguous, in row-major order and no view. */
    static void write(float[] values, INDArray array) {
        if (isShared(array)) {
            memory(array).put(values);
            return;
        }
        try (INDArray copy = Nd4j.create(values, array.shape(), 'c')) {
            array.assign(copy);
        }
    }

    private static boolean isShared(INDArray array) {
        return array.dataType() == DataType.FLOAT && Nd4jRuntime.sharesMemory();
    }

    private static FloatBuffer memory(INDArray array) {
        return array.data().asNioFloat();
    }
}
