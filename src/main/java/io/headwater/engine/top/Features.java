package io.headwater.engine.top;

import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ImageInput.ImageLayout;
import java.util.Arrays;

/**
 * How the tensor above a segment becomes one feature vector a sample.
 *
 * @param shape of the tensor, the batch axis first; -1 for axes that vary
 * @param pooling over its positions
 * @param layout that tells the feature axis of a tensor of rank 4
 * @param normalise whether the vector is scaled to length 1
 * @param everyPosition whether each position of [batch, positions, width] is a vector of its own
 */
public record Features(long[] shape, Pooling pooling, ImageLayout layout, boolean normalise, boolean everyPosition) {

    /** One vector a sample. */
    public Features(long[] shape, Pooling pooling, ImageLayout layout, boolean normalise) {
        this(shape, pooling, layout, normalise, false);
    }

    /** The same tensor with a vector for each of its positions, as it is. */
    public Features ofEveryPosition() {
        return new Features(shape, Pooling.NONE, layout, false, true);
    }

    /** Whether there is one vector a sample, with any further axes of size 1, where there could be several. */
    boolean isOnePosition() {
        return shape.length != 3
                && shape.length > 1
                && Arrays.stream(shape).skip(1).allMatch(size -> size > 0)
                && Arrays.stream(shape).skip(1).filter(size -> size > 1).count() <= 1;
    }

    /** Whether the positions are tokens or steps in time: [batch, positions, width]. */
    public boolean hasTokens() {
        return pooling != Pooling.NONE && shape.length == 3;
    }

    /**
     * The number of features.
     *
     * @throws TopException when pooling cannot make one vector of the tensor
     */
    public int width() {
        long width;
        if (everyPosition) {
            if (shape.length != 3 && !isOnePosition()) {
                throw new TopException(
                        "a task that says something of every token or frame needs a tensor [batch, positions, width],"
                                + " but the features have the shape " + Arrays.toString(shape)
                                + "; choose another cut");
            }
            width = shape.length == 3 ? shape[2] : Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
        } else if (pooling == Pooling.NONE) {
            width = 1;
            for (int axis = 1; axis < shape.length; axis++) {
                width = width < 0 || shape[axis] < 0 ? -1 : Math.multiplyExact(width, shape[axis]);
            }
        } else if (shape.length == 3) {
            width = shape[2];
        } else if (shape.length == 4 && pooling == Pooling.MEAN) {
            width = shape[layout == ImageLayout.NCHW ? 1 : 3];
        } else {
            throw new TopException("pooling " + pooling + " needs [batch, tokens, width] or, for the mean, an image"
                    + " feature map of rank 4, but the features have the shape " + Arrays.toString(shape)
                    + "; choose another pooling");
        }
        if (shape.length < 2 || width < 1 || width > Integer.MAX_VALUE) {
            throw new TopException("features must have a fixed width, but have the shape " + Arrays.toString(shape)
                    + "; choose another pooling or cut");
        }
        return (int) width;
    }
}
