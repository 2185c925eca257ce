package io.headwater.engine.graph.layer;

import java.util.List;

/** The identity: it marks where the pre-training dropped values or added noise. */
public record Dropout() implements Operation {
    @Override
    public Shape output(List<Shape> inputs) {
        return Operation.one(inputs);
    }
}
