package io.headwater.engine.graph.layer;

/**
 * The zero padding of a convolution or pooling.
 *
 * @param same whether zeros are added so that the output size is the input size divided by the stride, rounded up; if
 *     their number is odd, the extra row or column is at the bottom or right
 * @param height rows of zeros at the top and at the bottom if not {@code same}, 0 to 4096 each
 * @param width columns of zeros at the left and at the right if not {@code same}, 0 to 4096 each
 */
public record Padding(boolean same, int height, int width) {
    public static final Padding SAME = new Padding(true, 0, 0);
    public static final Padding VALID = new Padding(false, 0, 0);

    public Padding {
        if (height < 0 || height > 4096 || width < 0 || width > 4096 || (same && height + width > 0)) {
            throw new GraphException(
                    "padding must be \"same\" or 0 to 4096 each way, but is " + same + ", " + height + "x" + width);
        }
    }

    /** Returns the output shape of a window operation that gives {@code channels} channels. */
    Shape.Image output(Shape.Image in, int channels, Size kernel, Size strides, Size dilation) {
        return new Shape.Image(
                channels,
                length(in.height(), kernel.height(), strides.height(), dilation.height(), height),
                length(in.width(), kernel.width(), strides.width(), dilation.width(), width));
    }

    private int length(int in, int kernel, int stride, int dilation, int pad) {
        if (same) {
            return (in + stride - 1) / stride;
        }
        int reach = (kernel - 1) * dilation + 1;
        if (reach > in + 2 * pad) {
            throw new GraphException("a window of " + reach + " does not fit into " + in + " with padding " + pad);
        }
        return (in + 2 * pad - reach) / stride + 1;
    }
}
