package io.headwater.engine.sound;

import io.headwater.engine.BackboneException;
import io.headwater.engine.runtime.CutLayout;
import java.util.Arrays;
import java.util.List;

/**
 * Joins the vectors of a sound's windows in temporal order. Where two windows overlap, each supplies the half of the
 * overlap that is nearer to its centre, where the model has more context.
 *
 * @param count the number of vectors of a window, evenly spaced
 * @param width the number of values of a vector
 * @param size the number of frames of a window
 */
record WindowFrames(int count, int width, int size) implements WindowJoin {

    /**
     * Creates an instance for windows whose features have the layout {@code layout}.
     *
     * @throws BackboneException when a window has neither one vector nor the shape [batch, vectors, width]
     */
    static WindowFrames of(CutLayout layout, int size) {
        long[] shape = layout.shapes().get(0);
        int values = layout.length(1);
        boolean isOne = Arrays.stream(shape).skip(1).allMatch(axis -> axis == 1 || axis == values);
        int width = shape.length != 3 && isOne ? values : layout.positionWidth();
        return new WindowFrames(values / width, width, size);
    }

    @Override
    public String text() {
        return "frames " + count;
    }

    @Override
    public int width(int ofWindow) {
        return width;
    }

    @Override
    public float[] vector(List<float[]> rows, int[] starts, double real) {
        float[] joined = new float[Math.multiplyExact(rows.size(), count * width)];
        int length = 0;
        for (int i = 0; i < starts.length; i++) {
            double from = i == 0 ? 0 : border(starts[i - 1], starts[i]);
            double to = i == starts.length - 1 ? real : border(starts[i], starts[i + 1]);
            for (int k = 0; k < count; k++) {
                double centre = starts[i] + (k + 0.5) * size / count;
                // The first vector is kept even if the sound is shorter than half of that vector's duration.
                if (centre >= from && centre < to || length == 0) {
                    System.arraycopy(rows.get(i), k * width, joined, length, width);
                    length += width;
                }
            }
        }
        return Arrays.copyOf(joined, length);
    }

    /** Returns the middle of the overlap of two windows. */
    private double border(int start, int next) {
        return (start + size + next) / 2.0;
    }
}
