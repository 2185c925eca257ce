package io.headwater.engine.sound;

import io.headwater.engine.BackboneException;
import io.headwater.engine.runtime.CutLayout;
import java.util.Arrays;
import java.util.List;

/**
 * Lays the vectors of a sound's windows one after another in time. Where windows overlap, each speaks for its own half of what
 * they share, as the model knows more of what lies around it there.
 *
 * @param count vectors of a window, equally far apart
 * @param width of a vector
 * @param size of a window, in the frames that it consists of
 */
record WindowFrames(int count, int width, int size) implements WindowJoin {

    /**
     * The vectors of windows that a model gives at {@code layout}.
     *
     * @throws BackboneException when it gives neither one vector nor [batch, vectors, width]
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
                // The first is kept of a sound that is shorter than half a vector's time, too.
                if (centre >= from && centre < to || length == 0) {
                    System.arraycopy(rows.get(i), k * width, joined, length, width);
                    length += width;
                }
            }
        }
        return Arrays.copyOf(joined, length);
    }

    /** The middle of what two windows share. */
    private double border(int start, int next) {
        return (start + size + next) / 2.0;
    }
}
