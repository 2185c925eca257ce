package io.headwater.engine.graph.layer;

import java.util.List;

/** Reshapes an image to a vector or a vector to an image, with the values in channels-first order. */
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
