package io.headwater.engine.graph.layer;

import java.util.List;

/** Pools each window of an image to one value per channel. */
public record WindowPool(PoolKind kind, Size kernel, Size strides, Padding padding) implements Operation {
    @Override
    public Shape output(List<Shape> inputs) {
        Shape.Image in = Operation.one(inputs, Shape.Image.class);
        return padding.output(in, in.channels(), kernel, strides, Size.ONE);
    }
}
