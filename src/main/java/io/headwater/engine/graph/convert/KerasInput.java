package io.headwater.engine.graph.convert;

import com.fasterxml.jackson.databind.JsonNode;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.Shape;
import java.util.List;

/** The input of a Keras model. */
final class KerasInput {
    private KerasInput() {}

    /**
     * Returns the shape of the model's input, channels first.
     *
     * @param layer the layer that declares the input shape: the input layer, or the first layer of a sequential model
     * @param all all layers of the model
     */
    static Shape shape(KerasConfig layer, List<KerasConfig> all) {
        JsonNode stated = layer.values().path("batch_input_shape");
        if (stated.isMissingNode()) {
            stated = layer.values().path("batch_shape");
        }
        boolean tokens = all.stream()
                .anyMatch(one -> one.type().equals("Embedding")
                        && (one == layer || one.inputs().contains(layer.name()) || follows(layer, one, all)));
        return switch (stated.size()) {
            case 2 -> tokens ? new Shape.Tokens(stated.get(1).asInt(0)) : new Shape.Features(axis(layer, stated, 1));
            case 3 -> new Shape.Sequence(axis(layer, stated, 2), stated.get(1).asInt(0));
            case 4 -> new Shape.Image(axis(layer, stated, 3), axis(layer, stated, 1), axis(layer, stated, 2));
            default ->
                throw new GraphException(
                        "layer '" + layer.name() + "' must state an input shape of 2 to 4 axes, but states " + stated
                                + "; build the model with one");
        };
    }

    private static boolean follows(KerasConfig layer, KerasConfig one, List<KerasConfig> all) {
        return one.inputs().isEmpty() && all.indexOf(one) == all.indexOf(layer) + 1;
    }

    private static int axis(KerasConfig layer, JsonNode shape, int axis) {
        if (!shape.get(axis).isInt()) {
            throw new GraphException("axis " + axis + " of the input '" + layer.name()
                    + "' must be of a fixed size, but is " + shape.get(axis) + "; build the model with one");
        }
        return shape.get(axis).asInt();
    }
}
