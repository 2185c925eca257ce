package io.headwater.engine.graph.layer;

import java.util.List;
import java.util.Map;

/**
 * An embedding: each token id selects a row of {@code W} [rows, width].
 *
 * @param rows the number of token ids, positive
 * @param width the number of features of each token, positive
 */
public record Embedding(int rows, int width) implements Operation {
    public Embedding {
        Operation.positive("rows", rows);
        Operation.positive("width", width);
    }

    @Override
    public Shape output(List<Shape> inputs) {
        return new Shape.Sequence(
                width, Operation.one(inputs, Shape.Tokens.class).steps());
    }

    @Override
    public Map<String, int[]> weights(List<Shape> inputs) {
        return Map.of("W", new int[] {rows, width});
    }
}
