package io.headwater.engine.graph.layer;

import java.util.List;

/** The same values, channels first, as another shape: an image as a vector or a vector as an image. */
public record Reshape(Shape shape) implements Operation {
    @Override
    public Shape output(List<Shape> inputs) {
        Shape in = Operation.one(inputs);
        boolean known = (in instanceof Shape.Image && shape instanceof Shape.Features)
                || (in instanceof Shape.Features && shape instanceof Shape.Image)
                || in.equals(shape);
        if (!known || in.size() != shape.size()) {
            throw new GraphException(
                    in + " cannot become " + shape + ": only images and vectors of as many values become each other");
        }
        return shape;
    }
}
