package io.headwater.engine.runtime;

import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ImageInput.ImageLayout;
import java.util.List;

/**
 * Pools the tensor at the cut to feature vectors. It is computed in plain Java, so that the bits depend on nothing
 * else.
 */
public record Pooler(Pooling pooling, ImageLayout layout, boolean normalise) implements FeatureReader {

    @Override
    public float[][] rows(List<OnnxSession.Output> outputs, int[] used) {
        return rows(outputs.get(0).values(), outputs.get(0).shape(), used);
    }

    /**
     * Returns one feature vector per row.
     *
     * @param values the tensor at the cut
     * @param shape its shape, the batch axis first
     * @param used the number of positions of each row that are not padding; one number per row
     */
    public float[][] rows(float[] values, long[] shape, int[] used) {
        Positions positions = Positions.of(shape, pooling, layout);
        int stride = positions.count() * positions.width();
        float[][] rows = new float[used.length][];
        for (int row = 0; row < rows.length; row++) {
            int real = Math.min(used[row], positions.count());
            float[] vector = switch (pooling) {
                case MEAN -> positions.mean(values, row * stride, real);
                case LAST -> positions.at(values, row * stride, real - 1);
                case NONE, FIRST -> positions.at(values, row * stride, 0);
            };
            rows[row] = normalise ? unit(vector) : vector;
        }
        return rows;
    }

    /** Returns the vector scaled to length 1; a zero vector stays zero. */
    public static float[] unit(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        double length = Math.sqrt(squares);
        if (length == 0) {
            return vector;
        }
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / length);
        }
        return unit;
    }
}
