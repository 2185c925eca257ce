package io.headwater.engine.runtime;

import io.headwater.config.ConfigurationException;
import io.headwater.engine.BackboneException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Pools each of several tensors to a vector and concatenates the vectors to a row of features. Since the mean of a sum
 * is the sum of the means, a head that mixes the tensors needs only their pooled vectors.
 *
 * @param pool the pooling of one tensor
 * @param layout the layout of a row
 */
record MixPooler(Pooler pool, CutLayout layout) implements FeatureReader {

    /**
     * Returns the pooling of the tensors {@code names}.
     *
     * @param outputs the tensors of one run
     * @throws ConfigurationException when their shapes differ
     * @throws BackboneException when the pooling cannot be applied to such a tensor
     */
    static MixPooler of(Pooler pool, List<String> names, List<OnnxSession.Output> outputs) {
        long[] shape = outputs.get(0).shape();
        for (int i = 1; i < names.size(); i++) {
            long[] other = outputs.get(i).shape();
            if (!Arrays.equals(shape, other)) {
                throw ConfigurationException.of(
                        "training.scalar-mix must name tensors of the same shape, but for a first input '%s' has %s and '%s' has %s; leave out one of them"
                                .formatted(names.get(0), Arrays.toString(shape), names.get(i), Arrays.toString(other)));
            }
        }
        int width = Positions.of(shape, pool.pooling(), pool.layout()).width();
        List<long[]> shapes = new ArrayList<>();
        names.forEach(name -> shapes.add(new long[] {-1, width}));
        return new MixPooler(pool, new CutLayout(List.copyOf(names), List.copyOf(shapes), 0));
    }

    @Override
    public float[][] rows(List<OnnxSession.Output> outputs, int[] used) {
        float[][] rows = new float[used.length][layout.length(1)];
        for (int i = 0; i < outputs.size(); i++) {
            float[][] vectors = pool.rows(List.of(outputs.get(i)), used);
            for (int row = 0; row < rows.length; row++) {
                System.arraycopy(vectors[row], 0, rows[row], i * vectors[row].length, vectors[row].length);
            }
        }
        return rows;
    }
}
