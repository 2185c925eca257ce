package io.headwater.engine.graph.layer;

/**
 * How a window meets the edge of an image.
 *
 * @param same whether zeros are added so that the output is the input divided by the stride, rounded up; one more at the
 *     bottom and the right where the number is odd
 * @param height rows of zeros at the top and at the bottom otherwise, 0 to 4096
 * @param width columns of zeros at the left and at the right otherwise, 0 to 4096
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

    /** What a window makes of an image, before its channels are known. */
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
