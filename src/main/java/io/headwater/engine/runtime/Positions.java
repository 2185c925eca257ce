package io.headwater.engine.runtime;

import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.engine.BackboneException;
import java.util.Arrays;

/**
 * The memory layout of one input's features in the tensor at the cut: value c of position p is at index p ×
 * {@code positionStride} + c × {@code featureStride} of the input's part.
 *
 * @param count the number of tokens, or of positions of an image feature map
 * @param width the number of features
 */
record Positions(int count, int width, int positionStride, int featureStride) {

    /**
     * Derives the layout from the shape of a tensor at the cut.
     *
     * @param shape the shape, with the batch axis first
     * @param layout determines the feature axis of a tensor of rank 4
     * @throws BackboneException when {@code pooling} cannot reduce the tensor to one vector
     */
    static Positions of(long[] shape, Pooling pooling, ImageLayout layout) {
        int rank = shape.length;
        int[] n = Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
        int size = Arrays.stream(n).skip(1).reduce(1, Math::multiplyExact);
        if (pooling == Pooling.NONE
                && rank > 1
                && Arrays.stream(n).skip(1).allMatch(axis -> axis == 1 || axis == size)) {
            return new Positions(1, size, size, 1);
        }
        if (pooling != Pooling.NONE && rank == 3) {
            return new Positions(n[1], n[2], n[2], 1);
        }
        if (pooling == Pooling.MEAN && rank == 4) {
            return layout == ImageLayout.NCHW
                    ? new Positions(n[2] * n[3], n[1], 1, n[2] * n[3])
                    : new Positions(n[1] * n[2], n[3], n[3], 1);
        }
        throw new BackboneException("pooling " + pooling + " needs " + needs(pooling) + " at the cut, but its shape is "
                + Arrays.toString(shape) + "; choose another pooling or cut");
    }

    /** Returns the mean over the first {@code used} positions, summed in double precision in their order. */
    float[] mean(float[] values, int offset, int used) {
        float[] mean = new float[width];
        for (int c = 0; c < width; c++) {
            double sum = 0;
            int at = offset + c * featureStride;
            for (int p = 0; p < used; p++) {
                sum += values[at + p * positionStride];
            }
            mean[c] = (float) (sum / used);
        }
        return mean;
    }

    /** Returns the values of one position. */
    float[] at(float[] values, int offset, int position) {
        return mean(values, offset + position * positionStride, 1);
    }

    private static String needs(Pooling pooling) {
        return switch (pooling) {
            case NONE -> "[batch, width], or axes of size 1 beside these,";
            case FIRST, LAST -> "[batch, tokens, width]";
            case MEAN -> "[batch, tokens, width] or an image feature map of rank 4";
        };
    }
}
