package io.headwater.engine.graph.layer;

import java.util.List;

/** One value a channel of an image or a feature of a sequence. */
public record GlobalPool(PoolKind kind) implements Operation {
    @Override
    public Shape output(List<Shape> inputs) {
        if (Operation.one(inputs) instanceof Shape.Image image) {
            return new Shape.Features(image.channels());
        }
        return new Shape.Features(Operation.one(inputs, Shape.Sequence.class).width());
    }
}
