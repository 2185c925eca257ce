package io.headwater.engine.dense;

import static org.bytedeco.openblas.global.openblas.CblasColMajor;
import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;

import io.headwater.engine.weights.Tensor;
import java.util.Map;

/**
 * A head of an output layer alone, for inference only. It calls the routine of BLAS that a Deeplearning4j graph calls, with the same
 * arguments, so that it gives the same bits; for small heads, all else that a graph does takes many times as long. Safe for use by several
 * threads.
 */
final class AnsweringLayer extends InferenceHead {
    private final HeadLayout layout;
    private final boolean everyPosition;

    /**
     * Creates a head.
     *
     * @param layout a layout without a hidden layer
     * @param everyPosition whether samples have a row of features for each of their positions
     */
    AnsweringLayer(HeadLayout layout, boolean everyPosition, Map<String, Tensor.F32> parameters) {
        super(layout, parameters);
        this.layout = layout;
        this.everyPosition = everyPosition;
    }

    @Override
    public int inputs() {
        return layout.inputs();
    }

    @Override
    public int outputs() {
        return layout.outputs();
    }

    @Override
    public float[][] logits(float[][] features) {
        if (features.length == 0) {
            return new float[0][];
        }
        int[] counts = SampleRows.counts(features, inputs(), everyPosition);
        float[] input = SampleRows.flat(features);
        // The weights, column-major, are followed by the bias.
        float[] weights = flat();
        int rows = input.length / inputs();
        float[] products = new float[Math.multiplyExact(rows, outputs())];
        cblas_sgemm(
                CblasColMajor,
                CblasTrans,
                CblasNoTrans,
                rows,
                outputs(),
                inputs(),
                1,
                input,
                inputs(),
                weights,
                inputs(),
                0,
                products,
                rows);
        return withBias(products, rows, counts);
    }

    /** Returns the sums of column-major products and the bias, for each sample. */
    private float[][] withBias(float[] products, int rows, int[] counts) {
        float[] parameters = flat();
        int bias = inputs() * outputs();
        float[][] logits = new float[counts.length][];
        int row = 0;
        for (int i = 0; i < counts.length; i++) {
            logits[i] = new float[counts[i] * outputs()];
            for (int at = 0; at < logits[i].length; at++) {
                int output = at % outputs();
                logits[i][at] = products[output * rows + row + at / outputs()] + parameters[bias + output];
            }
            row += counts[i];
        }
        return logits;
    }
}
