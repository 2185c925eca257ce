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
 * Samples that one run of a top computes.
 *
 * @param heads whose top it is
 * @param outputs values in a row of logits
 * @param rows features of each sample at the cut
 */
record TopRows(OnnxHeads heads, int outputs, List<float[]> rows) {

    /** The samples whose places are {@code part}. */
    static TopRows of(OnnxHeads heads, int outputs, float[][] features, int[] part) {
        return new TopRows(
                heads,
                outputs,
                Arrays.stream(part).mapToObj(place -> features[place]).toList());
    }

    /**
     * Adds the tensors that the top reads of the samples to {@code inputs}, whose owner closes them.
     *
     * @param dropout factors of the features, all 1 when null; read where the top has dropout
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

    /** The logits of each sample, those of padding left out. */
    float[][] perSample(float[] logits) {
        int stride = logits.length / rows.size();
        float[][] samples = new float[rows.size()][];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = Arrays.copyOfRange(logits, i * stride, i * stride + length(rows.get(i), stride));
        }
        return samples;
    }

    /** How many logits a sample has of the {@code stride} that its place in a batch holds. */
    private int length(float[] row, int stride) {
        CutLayout layout = heads.batch().layout();
        return heads.output().everyPosition() && layout.hasTokens() ? layout.tokens(row) * outputs : stride;
    }

    /** A copy of the values that a run gave. */
    static float[] values(OrtSession.Result result, String name) {
        FloatBuffer buffer = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    /** What to throw when ONNX Runtime fails on them. */
    BackboneException failed(OrtException e) {
        return new BackboneException(
                "ONNX Runtime failed on a head's batch of " + rows.size() + ": " + e.getMessage(), e);
    }
}
