package io.headwater.engine.sound;

import io.headwater.config.ClipWindows.WindowPooling;
import io.headwater.engine.runtime.Pooler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pools the feature vectors of a sound's windows to one vector.
 *
 * @param pooling the kind of pooling; null if there is only one window, whose features are left unchanged
 * @param normalise whether the vector is scaled to unit length
 */
record ClipPooling(@Nullable WindowPooling pooling, boolean normalise) implements WindowJoin {
    /** For sounds of one window. */
    static final ClipPooling NONE = new ClipPooling(null, false);

    @Override
    public String text() {
        return "pooling " + (pooling == null ? "none" : pooling.name()) + "\nnormalise " + normalise;
    }

    @Override
    public int width(int ofWindow) {
        return pooling == WindowPooling.MEAN_MAX || pooling == WindowPooling.MEAN_DEVIATION ? 2 * ofWindow : ofWindow;
    }

    /** {@inheritDoc} Returns one vector; sums are computed in double precision, in the order of the windows. */
    @Override
    public float[] vector(List<float[]> rows, int[] starts, double real) {
        if (pooling == null) {
            return rows.get(0);
        }
        int width = rows.get(0).length;
        float[] vector = new float[width(width)];
        for (int c = 0; c < width; c++) {
            double mean = mean(rows, c);
            vector[c] = pooling == WindowPooling.MAX ? max(rows, c) : (float) mean;
            if (pooling == WindowPooling.MEAN_MAX) {
                vector[width + c] = max(rows, c);
            } else if (pooling == WindowPooling.MEAN_DEVIATION) {
                vector[width + c] = (float) deviation(rows, c, mean);
            }
        }
        return normalise ? Pooler.unit(vector) : vector;
    }

    private static double mean(List<float[]> rows, int c) {
        double sum = 0;
        for (float[] row : rows) {
            sum += row[c];
        }
        return sum / rows.size();
    }

    private static double deviation(List<float[]> rows, int c, double mean) {
        double squares = 0;
        for (float[] row : rows) {
            squares += (row[c] - mean) * (row[c] - mean);
        }
        return Math.sqrt(squares / rows.size());
    }

    private static float max(List<float[]> rows, int c) {
        float max = rows.get(0)[c];
        for (float[] row : rows) {
            max = Math.max(max, row[c]);
        }
        return max;
    }
}
