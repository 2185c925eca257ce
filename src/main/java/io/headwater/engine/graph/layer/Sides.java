package io.headwater.engine.graph.layer;

/** Numbers of rows or columns at the four sides of an image, 0 to 4096 each. */
public record Sides(int top, int bottom, int left, int right) {
    private static final int MAX = 4096;

    public Sides {
        if (Math.min(Math.min(top, bottom), Math.min(left, right)) < 0
                || Math.max(Math.max(top, bottom), Math.max(left, right)) > MAX) {
            throw new GraphException(
                    "sides must be 0 to " + MAX + ", but are " + top + ", " + bottom + ", " + left + ", " + right);
        }
    }
}
