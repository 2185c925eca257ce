package io.headwater.engine.graph.layer;

import java.util.List;

/** Applies an activation function to each value; softmax is allowed for vectors only. */
public record Activate(Activation activation) implements Operation {
    @Override
    public Shape output(List<Shape> inputs) {
        Shape in = Operation.one(inputs);
        if (activation.kind() == Activation.Kind.SOFTMAX) {
            return Operation.one(inputs, Shape.Features.class);
        }
        return in;
    }
}
