package io.headwater.engine.graph.layer;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonCreator.Mode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalization of each channel with running statistics: (x − mean) ÷ √(var + epsilon) × gamma + beta.
 *
 * @param epsilon positive and below 1
 * @param momentum the share of the running statistics that an update keeps, 0 to 1
 */
public record BatchNorm(double epsilon, double momentum) implements Operation {
    /** The default of Keras, also used for models that were converted before momentum was stored. */
    public static final double MOMENTUM = 0.99;

    public BatchNorm {
        if (!(epsilon > 0 && epsilon < 1)) {
            throw new GraphException("epsilon must be between 0 and 1, but is " + epsilon);
        }
        if (!(momentum >= 0 && momentum <= 1)) {
            throw new GraphException("momentum must be from 0 to 1, but is " + momentum);
        }
    }

    /** Creates a batch normalization with the {@link #MOMENTUM} of Keras. */
    public BatchNorm(double epsilon) {
        this(epsilon, MOMENTUM);
    }

    /** Reads the JSON form, in which older files have no momentum. */
    @JsonCreator(mode = Mode.DELEGATING)
    static BatchNorm read(Map<String, @Nullable Double> written) {
        Map<String, @Nullable Double> rest = new TreeMap<>(written);
        Double epsilon = rest.remove("epsilon");
        Double momentum = rest.containsKey("momentum") ? rest.remove("momentum") : Double.valueOf(MOMENTUM);
        if (epsilon == null || momentum == null || !rest.isEmpty()) {
            throw new GraphException(
                    "batch normalization must have an epsilon, may have a momentum and nothing else, but has "
                            + written);
        }
        return new BatchNorm(epsilon, momentum);
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
