package io.headwater.engine.graph;

import java.util.List;
import java.util.Map;

/**
 * (x − mean) ÷ √(var + epsilon) × gamma + beta, a channel each, with the statistics of the pre-training.
 *
 * @param epsilon positive
 */
public record BatchNorm(double epsilon) implements Operation {
    public BatchNorm {
        if (!(epsilon > 0 && epsilon < 1)) {
            throw new GraphException("epsilon must be between 0 and 1, but is " + epsilon);
        }
    }

    @Override
    public Shape output(List<Shape> inputs) {
        channels(inputs);
        return inputs.get(0);
    }

    @Override
    public Map<String, int[]> weights(List<Shape> inputs) {
        int[] shape = {channels(inputs)};
        return Map.of("gamma", shape, "beta", shape, "mean", shape, "var", shape);
    }

    private static int channels(List<Shape> inputs) {
        if (Operation.one(inputs) instanceof Shape.Image image) {
            return image.channels();
        }
        return Operation.one(inputs, Shape.Features.class).width();
    }
}
