package io.headwater.engine.top;

import io.headwater.config.BaseModelManifest.Layout;
import io.headwater.config.BaseModelManifest.Pooling;

/**
 * How the tensor above a segment becomes one feature vector a sample.
 *
 * @param shape of the tensor, the batch axis first; -1 for axes that vary
 * @param pooling over its positions
 * @param layout that tells the feature axis of a tensor of rank 4
 * @param normalise whether the vector is scaled to length 1
 * @param everyPosition whether each position of [batch, positions, width] is a vector of its own
 */
public record Features(long[] shape, Pooling pooling, Layout layout, boolean normalise, boolean everyPosition) {

    /** One vector a sample. */
    public Features(long[] shape, Pooling pooling, Layout layout, boolean normalise) {
        this(shape, pooling, layout, normalise, false);
    }

    /** The same tensor with a vector for each of its positions, as it is. */
    public Features ofEveryPosition() {
        return new Features(shape, Pooling.NONE, layout, false, true);
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
            if (shape.length != 3) {
                throw new TopException(
                        "a task that says something of every token needs a tensor [batch, tokens, width],"
                                + " but the features have the shape " + java.util.Arrays.toString(shape)
                                + "; choose another cut");
            }
            width = shape[2];
        } else if (pooling == Pooling.NONE) {
            width = 1;
            for (int axis = 1; axis < shape.length; axis++) {
                width = width < 0 || shape[axis] < 0 ? -1 : Math.multiplyExact(width, shape[axis]);
            }
        } else if (shape.length == 3) {
            width = shape[2];
        } else if (shape.length == 4 && pooling == Pooling.MEAN) {
            width = shape[layout == Layout.NCHW ? 1 : 3];
        } else {
            throw new TopException("pooling " + pooling + " needs [batch, tokens, width] or, for the mean, an image"
                    + " feature map of rank 4, but the features have the shape " + java.util.Arrays.toString(shape)
                    + "; choose another pooling");
        }
        if (shape.length < 2 || width < 1 || width > Integer.MAX_VALUE) {
            throw new TopException("features must have a fixed width, but have the shape "
                    + java.util.Arrays.toString(shape) + "; choose another pooling or cut");
        }
        return (int) width;
    }
}
