package io.headwater.engine.top;

import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ImageInput.ImageLayout;
import java.util.Arrays;

/**
 * How one feature vector per sample is computed from the output tensor of a segment.
 *
 * @param shape shape of the tensor, with the batch axis first and -1 for axes of variable size
 * @param pooling the pooling over its positions
 * @param layout the layout that determines the feature axis of a tensor of rank 4
 * @param normalise whether the vector is scaled to length 1
 * @param everyPosition whether each position of [batch, positions, width] is a separate feature vector
 */
public record Features(long[] shape, Pooling pooling, ImageLayout layout, boolean normalise, boolean everyPosition) {

    /** Creates features with one vector per sample. */
    public Features(long[] shape, Pooling pooling, ImageLayout layout, boolean normalise) {
        this(shape, pooling, layout, normalise, false);
    }

    /** The same tensor with one vector for each position, without pooling or normalisation. */
    public Features ofEveryPosition() {
        return new Features(shape, Pooling.NONE, layout, false, true);
    }

    /** Whether a tensor that could have several positions has only one, so that all axes but one have size 1. */
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
     * @throws TopException if the pooling cannot reduce the tensor to vectors of a fixed width
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
