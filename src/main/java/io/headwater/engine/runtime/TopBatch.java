package io.headwater.engine.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.engine.top.TopGraph;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Creates the inputs of a top, except its parameters, from rows of features.
 *
 * @param layout the layout of a row
 * @param side feeds the inputs other than the tensors of the cut
 * @param pooling the pooling, which determines the weight of each position; {@code NONE} if features are not pooled
 *     over positions of [batch, positions, width]
 * @param places the number of positions of every sample; 0 if it is the number of tokens
 */
record TopBatch(CutLayout layout, SideFeed side, Pooling pooling, int places) {
    // Limits of the memory of a run.
    private static final int MAX_ROWS = 32;
    private static final int MAX_TOKENS = 1024;

    /**
     * Divides rows into parts of similar length, each small enough for one run. The rows are sorted by their number of
     * tokens, with a stable order. The result depends on the rows alone.
     *
     * @return indexes into {@code rows}, each of which occurs once
     */
    List<int[]> parts(float[][] rows) {
        int[] tokens = Arrays.stream(rows).mapToInt(layout::tokens).toArray();
        int[] order = IntStream.range(0, rows.length)
                .boxed()
                .sorted(Comparator.comparingInt(row -> tokens[row]))
                .mapToInt(Integer::intValue)
                .toArray();
        List<int[]> parts = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= order.length; i++) {
            boolean full = i < order.length
                    && (i - from >= MAX_ROWS || (i - from + 1) * layout.padded(tokens[order[i]]) > MAX_TOKENS);
            if (full || i == order.length) {
                parts.add(Arrays.copyOfRange(order, from, i));
                from = i;
            }
        }
        return parts;
    }

    /** Returns the tensors of a batch by name; the caller closes them. */
    Map<String, OnnxTensor> tensors(List<float[]> rows) throws OrtException {
        int[] tokens = rows.stream().mapToInt(layout::tokens).toArray();
        int padded =
                layout.hasTokens() ? layout.padded(Arrays.stream(tokens).max().orElse(1)) : 1;
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < layout.names().size(); i++) {
            tensors.put(
                    layout.names().get(i),
                    tensor(layout.values(i, rows, padded), layout.shape(i, rows.size(), padded)));
        }
        tensors.putAll(side.tensors(tokens, padded));
        if (pooling != Pooling.NONE) {
            int count = places > 0 ? places : padded;
            float[] positions = new float[rows.size() * count];
            for (int row = 0; row < tokens.length; row++) {
                weigh(positions, row * count, places > 0 ? places : tokens[row]);
            }
            tensors.put(TopGraph.POSITIONS, tensor(positions, new long[] {rows.size(), 1, count}));
        }
        return tensors;
    }

    private void weigh(float[] positions, int from, int tokens) {
        switch (pooling) {
            case MEAN -> Arrays.fill(positions, from, from + tokens, 1f / tokens);
            case FIRST -> positions[from] = 1;
            case LAST -> positions[from + tokens - 1] = 1;
            case NONE -> throw new IllegalStateException("features that are not pooled have no positions");
        }
    }

    static OnnxTensor tensor(float[] values, long[] shape) throws OrtException {
        return OnnxTensor.createTensor(OnnxRuntime.environment(), FloatBuffer.wrap(values), shape);
    }
}
