package io.headwater.engine.graph.layer;

import java.util.List;

/** Repeats every value of an image {@code factor} times in each direction. */
public record Upsample(Size factor) implements Operation {
    @Override
    public Shape output(List<Shape> inputs) {
        Shape.Image in = Operation.one(inputs, Shape.Image.class);
        return new Shape.Image(
                in.channels(),
                Math.multiplyExact(in.height(), factor.height()),
                Math.multiplyExact(in.width(), factor.width()));
    }
}
