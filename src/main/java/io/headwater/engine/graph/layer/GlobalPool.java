package io.headwater.engine.graph.layer;

import java.util.List;

/** Pools an image to one value per channel, or a sequence to one value per feature. */
public record GlobalPool(PoolKind kind) implements Operation {
    @Override
    public Shape output(List<Shape> inputs) {
        if (Operation.one(inputs) instanceof Shape.Image image) {
            return new Shape.Features(image.channels());
        }
        return new Shape.Features(Operation.one(inputs, Shape.Sequence.class).width());
    }
}
