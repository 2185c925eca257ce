package io.headwater.engine.graph.layer;

import java.util.List;
import java.util.Map;

/**
 * A fully connected layer: {@code W} [inputs, units] and, if it has a bias, {@code b} [units].
 *
 * @param units the number of outputs, positive
 */
public record Dense(int units, boolean bias, Activation activation) implements Operation {
    public Dense {
        Operation.positive("units", units);
    }

    @Override
    public Shape output(List<Shape> inputs) {
        Operation.one(inputs, Shape.Features.class);
        return new Shape.Features(units);
    }

    @Override
    public Map<String, int[]> weights(List<Shape> inputs) {
        int[] matrix = {Operation.one(inputs, Shape.Features.class).width(), units};
        return bias ? Map.of("W", matrix, "b", new int[] {units}) : Map.of("W", matrix);
    }
}
