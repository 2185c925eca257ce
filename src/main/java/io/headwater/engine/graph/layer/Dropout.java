package io.headwater.engine.graph.layer;

import java.util.List;

/** An identity that marks where pre-training applied dropout or added noise. */
public record Dropout() implements Operation {
    @Override
    public Shape output(List<Shape> inputs) {
        return Operation.one(inputs);
    }
}
