package io.headwater.engine.graph.layer;

import java.util.List;

/** Adds rows and columns of zeros around an image. */
public record Pad(Sides sides) implements Operation {
    @Override
    public Shape output(List<Shape> inputs) {
        Shape.Image in = Operation.one(inputs, Shape.Image.class);
        return new Shape.Image(
                in.channels(), in.height() + sides.top() + sides.bottom(), in.width() + sides.left() + sides.right());
    }
}
