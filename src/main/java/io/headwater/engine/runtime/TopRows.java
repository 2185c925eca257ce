package io.headwater.engine.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.headwater.engine.BackboneException;
import io.headwater.engine.top.TopGraph;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one run of a top.
 *
 * @param heads the heads that the top belongs to
 * @param outputs the number of values in a row of logits
 * @param rows the features of each sample at the cut
 */
record TopRows(OnnxHeads heads, int outputs, List<float[]> rows) {

    /** Returns the samples whose indexes are in {@code part}. */
    static TopRows of(OnnxHeads heads, int outputs, float[][] features, int[] part) {
        return new TopRows(
                heads,
                outputs,
                Arrays.stream(part).mapToObj(place -> features[place]).toList());
    }

    /**
     * Adds the tensors that the top reads for these samples to {@code inputs}, whose owner closes them.
     *
     * @param dropout the dropout factors of the features, or null for all 1; ignored if the top has no dropout
     */
    void addTo(Map<String, OnnxTensor> inputs, float @Nullable [] dropout) throws OrtException {
        inputs.putAll(heads.batch().tensors(rows));
        if (heads.hasDropout()) {
            int width = heads.top().width();
            float[] factors = dropout;
            if (factors == null) {
                factors = new float[rows.size() * width];
                Arrays.fill(factors, 1);
            }
            inputs.put(TopGraph.DROPOUT, TopBatch.tensor(factors, new long[] {rows.size(), width}));
        }
    }

    /** Returns the logits of each sample, without those of padding. */
    float[][] perSample(float[] logits) {
        int stride = logits.length / rows.size();
        float[][] samples = new float[rows.size()][];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = Arrays.copyOfRange(logits, i * stride, i * stride + length(rows.get(i), stride));
        }
        return samples;
    }

    /** Returns how many of the {@code stride} logits of a batch entry belong to the sample. */
    private int length(float[] row, int stride) {
        CutLayout layout = heads.batch().layout();
        return heads.output().everyPosition() && layout.hasTokens() ? layout.tokens(row) * outputs : stride;
    }

    /** Returns a copy of the values of an output. */
    static float[] values(OrtSession.Result result, String name) {
        FloatBuffer buffer = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    /** Returns the exception for a failure of ONNX Runtime on these samples. */
    BackboneException failed(OrtException e) {
        return new BackboneException(
                "ONNX Runtime failed on a head's batch of " + rows.size() + ": " + e.getMessage(), e);
    }
}
