package io.headwater.engine.graph.layer;

import java.util.List;

/** The last vector of a sequence. */
public record LastStep() implements Operation {
    @Override
    public Shape output(List<Shape> inputs) {
        return new Shape.Features(Operation.one(inputs, Shape.Sequence.class).width());
    }
}
