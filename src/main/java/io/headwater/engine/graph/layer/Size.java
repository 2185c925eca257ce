package io.headwater.engine.graph.layer;

/** Height and width of a window, or its strides or dilation; 1 to 4096 each. */
public record Size(int height, int width) {
    public static final Size ONE = new Size(1, 1);
    private static final int MAX = 4096;

    public Size {
        if (height < 1 || height > MAX || width < 1 || width > MAX) {
            throw new GraphException("a size must be 1 to " + MAX + " each way, but is " + height + "x" + width);
        }
    }
}
