package io.headwater.engine.graph.layer;

import java.util.List;

/** Removes rows and columns at the edges of an image. */
public record Crop(Sides sides) implements Operation {
    @Override
    public Shape output(List<Shape> inputs) {
        Shape.Image in = Operation.one(inputs, Shape.Image.class);
        return new Shape.Image(
                in.channels(), in.height() - sides.top() - sides.bottom(), in.width() - sides.left() - sides.right());
    }
}
