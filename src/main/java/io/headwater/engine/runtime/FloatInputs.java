package io.headwater.engine.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.platform.Fp16Conversions;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Creates tensors of floats for ONNX Runtime. */
public final class FloatInputs {
    private static final double QUIETER = 0.01;

    private FloatInputs() {}

    /**
     * Returns a tensor of the rows, one after the other.
     *
     * @param half whether the values are converted to float16
     */
    public static OnnxTensor of(List<float[]> rows, long[] shape, boolean half) throws OrtException {
        FloatBuffer values = FloatBuffer.wrap(rows.size() == 1 ? rows.get(0) : joined(rows));
        OrtEnvironment environment = OnnxRuntime.environment();
        return half
                ? OnnxTensor.createTensor(
                        environment,
                        Fp16Conversions.convertFloatBufferToFp16Buffer(values),
                        shape,
                        OnnxJavaType.FLOAT16)
                : OnnxTensor.createTensor(environment, values, shape);
    }

    /**
     * Returns rows for a trial run: pseudo-random values that are always the same and differ between rows. The first
     * row has values from −1 to 1, and each further row is scaled down by 100, in order to detect models in which a
     * row depends on the others, for example by a normalisation over the whole batch.
     */
    static List<float[]> trials(int rows, int size) {
        SplittableRandom random = new SplittableRandom(1);
        List<float[]> trials = new ArrayList<>(rows);
        for (int row = 0; row < rows; row++) {
            float[] values = new float[size];
            double loudness = StrictMath.pow(QUIETER, row);
            for (int i = 0; i < size; i++) {
                values[i] = (float) (random.nextDouble(-1, 1) * loudness);
            }
            trials.add(values);
        }
        return trials;
    }

    private static float[] joined(List<float[]> rows) {
        int size = rows.get(0).length;
        float[] all = new float[rows.size() * size];
        for (int row = 0; row < rows.size(); row++) {
            System.arraycopy(rows.get(row), 0, all, row * size, size);
        }
        return all;
    }
}
