package io.headwater.engine.graph.convert;

import com.fasterxml.jackson.databind.JsonNode;
import io.headwater.engine.graph.layer.Activation;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.Padding;
import io.headwater.engine.graph.layer.Sides;
import io.headwater.engine.graph.layer.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The settings of one Keras layer.
 *
 * @param name the name of the layer
 * @param type the name of its class
 * @param values its settings
 * @param inputs the names of the layers that it reads; empty in a sequential model
 */
record KerasConfig(String name, String type, JsonNode values, List<String> inputs) {

    static KerasConfig of(JsonNode layer) {
        JsonNode values = layer.path("config");
        String type = layer.path("class_name").asText();
        String name = layer.path("name").asText(values.path("name").asText());
        JsonNode nodes = layer.path("inbound_nodes");
        if (nodes.size() > 1) {
            throw new GraphException(
                    "layer '" + name + "' (" + type + ") is used " + nodes.size() + " times; only once is known here");
        }
        List<String> inputs = new ArrayList<>();
        collect(nodes, inputs);
        return new KerasConfig(name, type, values, inputs);
    }

    int number(String key, int otherwise) {
        return values.path(key).asInt(otherwise);
    }

    double real(String key, double otherwise) {
        return values.path(key).asDouble(otherwise);
    }

    boolean flag(String key, boolean otherwise) {
        return values.path(key).asBoolean(otherwise);
    }

    String text(String key, String otherwise) {
        return values.path(key).asText(otherwise);
    }

    /** Reads a pair of numbers, or one number that applies to both axes. */
    Size size(String key, Size otherwise) {
        JsonNode value = values.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        return value.isArray()
                ? new Size(value.path(0).asInt(), value.path(1).asInt())
                : new Size(value.asInt(), value.asInt());
    }

    /** Reads the amounts at the four sides: one number for all, one each for height and width, or a pair for each. */
    Sides sides(String key) {
        JsonNode value = values.path(key);
        JsonNode rows = value.isArray() ? value.path(0) : value;
        JsonNode columns = value.isArray() ? value.path(1) : value;
        return new Sides(
                rows.isArray() ? rows.path(0).asInt() : rows.asInt(),
                rows.isArray() ? rows.path(1).asInt() : rows.asInt(),
                columns.isArray() ? columns.path(0).asInt() : columns.asInt(),
                columns.isArray() ? columns.path(1).asInt() : columns.asInt());
    }

    Padding padding() {
        return switch (text("padding", "valid")) {
            case "same" -> Padding.SAME;
            case "valid" -> Padding.VALID;
            default -> throw unknown("padding", text("padding", ""));
        };
    }

    Activation activation(String key) {
        return activation(values.path(key).isNull() ? "linear" : text(key, "linear"), key);
    }

    /** Checks that a setting which would change the meaning of the layer has its default value. */
    void require(String key, String usual) {
        JsonNode value = values.path(key);
        if (!value.isMissingNode()
                && !value.isNull()
                && !value.asText(value.toString()).equals(usual)) {
            throw unknown(key, value.asText(value.toString()));
        }
    }

    GraphException unknown(String key, String value) {
        return new GraphException("layer '" + name + "' (" + type + ") has " + key + " '" + value
                + "', which is not known here; change the layer or export the model to ONNX");
    }

    private Activation activation(String function, String key) {
        return switch (function) {
            case "linear", "relu", "relu6", "selu", "sigmoid", "tanh", "softplus", "softsign", "swish", "softmax" ->
                new Activation(Activation.Kind.valueOf(function.toUpperCase(Locale.ROOT)), 0);
            case "silu" -> new Activation(Activation.Kind.SWISH, 0);
            case "hard_sigmoid" -> new Activation(Activation.Kind.HARD_SIGMOID, 0);
            case "elu" -> new Activation(Activation.Kind.ELU, 1);
            default -> throw unknown(key, function);
        };
    }

    /**
     * Collects the names of the input layers. Keras 2 writes each as [layer, node, tensor, …]; Keras 3 writes the same
     * array in {@code keras_history}.
     */
    private static void collect(JsonNode node, List<String> inputs) {
        if (node.isArray()
                && node.size() >= 3
                && node.get(0).isTextual()
                && node.get(1).isInt()) {
            if (node.get(1).asInt() != 0 || node.get(2).asInt() != 0) {
                throw new GraphException("a layer reads output " + node.get(2) + " of call " + node.get(1)
                        + " of layer '" + node.get(0).asText() + "'; only the first is known here");
            }
            inputs.add(node.get(0).asText());
        } else if (node.isContainerNode()) {
            node.forEach(inner -> collect(inner, inputs));
        }
    }
}
