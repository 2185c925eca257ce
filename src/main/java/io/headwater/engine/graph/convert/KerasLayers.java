package io.headwater.engine.graph.convert;

import com.fasterxml.jackson.databind.JsonNode;
import io.headwater.engine.graph.TensorForms;
import io.headwater.engine.graph.layer.BatchNorm;
import io.headwater.engine.graph.layer.Combine;
import io.headwater.engine.graph.layer.Dense;
import io.headwater.engine.graph.layer.Embedding;
import io.headwater.engine.graph.layer.GlobalPool;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.Operation;
import io.headwater.engine.graph.layer.PoolKind;
import io.headwater.engine.graph.layer.Reshape;
import io.headwater.engine.graph.layer.Shape;
import io.headwater.engine.weights.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Converts Keras layers, which use the channels-last layout, into operations with the channels-first layout. A
 * flattened image stays in channels-first order; the weights that read it are reordered instead.
 */
final class KerasLayers {
    private final KerasFile file;
    private final GraphAssembly graph;
    /**
     * Vertices whose output is a flattened image, with the shape of the image. Their values are in channels-first
     * order, whereas Keras has them in channels-last order.
     */
    private final Map<String, Shape.Image> flattened = new HashMap<>();

    KerasLayers(KerasFile file, GraphAssembly graph) {
        this.file = file;
        this.graph = graph;
    }

    /** Adds a layer. */
    void add(KerasConfig layer, List<String> inputs) {
        if (inputs.isEmpty()) {
            throw new GraphException("layer '" + layer.name() + "' (" + layer.type() + ") reads nothing");
        }
        layer.require("data_format", "channels_last");
        String below = inputs.get(0);
        Shape.Image image = flattened.get(below);
        switch (layer.type()) {
            case "Conv2D", "Convolution2D" -> new KerasConvolutions(file, graph).convolution(layer, below);
            case "DepthwiseConv2D" -> new KerasConvolutions(file, graph).depthwise(layer, below);
            case "SeparableConv2D", "SeparableConvolution2D" ->
                new KerasConvolutions(file, graph).separable(layer, below);
            case "Dense" -> dense(layer, below);
            case "BatchNormalization" -> norm(layer, below);
            case "LSTM", "SimpleRNN" -> new KerasRecurrentLayers(file, graph).add(layer, below);
            case "Embedding" -> embedding(layer, below);
            case "Add" -> combine(layer, inputs, Combine.Kind.ADD);
            case "Subtract" -> combine(layer, inputs, Combine.Kind.SUBTRACT);
            case "Multiply" -> combine(layer, inputs, Combine.Kind.MULTIPLY);
            case "Average" -> combine(layer, inputs, Combine.Kind.AVERAGE);
            case "Maximum" -> combine(layer, inputs, Combine.Kind.MAX);
            case "Concatenate" -> concatenate(layer, inputs);
            case "Flatten" ->
                reshape(layer, below, new Shape.Features(graph.shape(below).size()));
            case "Reshape" -> reshape(layer, below, target(layer));
            case "GlobalAveragePooling2D", "GlobalAveragePooling1D" -> global(layer, below, PoolKind.AVERAGE);
            case "GlobalMaxPooling2D", "GlobalMaxPooling1D" -> global(layer, below, PoolKind.MAX);
            default -> graph.add(layer.name(), below, KerasPlainLayers.operation(layer));
        }
        if (image != null && !layer.type().equals("Dense")) {
            requireOrderless(layer);
            flattened.put(layer.name(), image);
        }
    }

    private void dense(KerasConfig layer, String below) {
        KerasWeights read = KerasWeights.of(file, layer);
        Tensor.F32 kernel = read.weight("kernel", 2);
        Map<String, Tensor.F32> weights = read.bias();
        weights.put("W", ordered(layer, below, kernel));
        add(
                layer,
                below,
                new Dense(layer.number("units", 0), layer.flag("use_bias", true), layer.activation("activation")),
                weights);
    }

    private void norm(KerasConfig layer, String below) {
        int rank = graph.shape(below) instanceof Shape.Image ? 3 : 1;
        JsonNode stated = layer.values().path("axis");
        int axis = stated.isArray() ? stated.path(0).asInt() : stated.asInt(-1);
        if (axis != -1 && axis != rank) {
            throw layer.unknown("axis", stated.toString());
        }
        KerasWeights read = KerasWeights.of(file, layer);
        Tensor.F32 mean = read.weight("moving_mean", 1);
        int channels = mean.shape()[0];
        Map<String, Tensor.F32> weights = new TreeMap<>();
        weights.put("mean", mean);
        weights.put("var", read.weight("moving_variance", 1));
        weights.put("gamma", layer.flag("scale", true) ? read.weight("gamma", 1) : TensorForms.filled(channels, 1));
        weights.put("beta", layer.flag("center", true) ? read.weight("beta", 1) : TensorForms.filled(channels, 0));
        weights.replaceAll((name, tensor) -> ordered(layer, below, tensor));
        add(
                layer,
                below,
                new BatchNorm(layer.real("epsilon", 1e-3), layer.real("momentum", BatchNorm.MOMENTUM)),
                weights);
    }

    private void embedding(KerasConfig layer, String below) {
        layer.require("mask_zero", "false");
        Tensor.F32 rows = KerasWeights.of(file, layer).weight("embeddings", 2);
        add(layer, below, new Embedding(rows.shape()[0], rows.shape()[1]), Map.of("W", rows));
    }

    private void combine(KerasConfig layer, List<String> inputs, Combine.Kind kind) {
        graph.add(layer.name(), inputs, new Combine(kind), Map.of());
    }

    private void concatenate(KerasConfig layer, List<String> inputs) {
        int last = graph.shape(inputs.get(0)) instanceof Shape.Image
                ? 3
                : graph.shape(inputs.get(0)) instanceof Shape.Sequence ? 2 : 1;
        int axis = layer.number("axis", -1);
        if (axis != -1 && axis != last) {
            throw layer.unknown("axis", Integer.toString(axis));
        }
        combine(layer, inputs, Combine.Kind.CONCAT);
    }

    private void reshape(KerasConfig layer, String below, Shape to) {
        Shape from = graph.shape(below);
        graph.add(layer.name(), below, new Reshape(to));
        Shape.Image image = from instanceof Shape.Image one ? one : to instanceof Shape.Image other ? other : null;
        boolean mixes = image != null && image.channels() > 1 && image.height() * image.width() > 1;
        if (mixes && !from.equals(to)) {
            if (to instanceof Shape.Image) {
                throw layer.unknown("target_shape", to.toString());
            }
            flattened.put(layer.name(), image);
        }
    }

    private static Shape target(KerasConfig layer) {
        JsonNode shape = layer.values().path("target_shape");
        return switch (shape.size()) {
            case 1 -> new Shape.Features(shape.get(0).asInt());
            case 3 ->
                new Shape.Image(
                        shape.get(2).asInt(), shape.get(0).asInt(), shape.get(1).asInt());
            default -> throw layer.unknown("target_shape", shape.toString());
        };
    }

    private void global(KerasConfig layer, String below, PoolKind kind) {
        if (!layer.flag("keepdims", false)) {
            graph.add(layer.name(), below, new GlobalPool(kind));
            return;
        }
        String pooled = layer.name() + "-pooled";
        graph.add(pooled, below, new GlobalPool(kind));
        graph.add(
                layer.name(),
                pooled,
                new Reshape(new Shape.Image(graph.shape(pooled).size(), 1, 1)));
    }

    private void add(KerasConfig layer, String below, Operation operation, Map<String, Tensor.F32> weights) {
        graph.add(layer.name(), List.of(below), operation, weights);
    }

    private Tensor.F32 ordered(KerasConfig layer, String below, Tensor.F32 tensor) {
        Shape.Image image = flattened.get(below);
        if (image == null) {
            return tensor;
        }
        if (tensor.shape()[0] != image.size()) {
            throw layer.unknown("input", graph.shape(below).toString());
        }
        return TensorForms.channelsFirst(tensor, image);
    }

    private static void requireOrderless(KerasConfig layer) {
        switch (layer.type()) {
            case "Activation", "ReLU", "LeakyReLU", "ELU", "Softmax", "Dropout", "BatchNormalization" -> {}
            case "GaussianDropout", "GaussianNoise", "AlphaDropout", "ActivityRegularization" -> {}
            default ->
                throw new GraphException("layer '" + layer.name() + "' (" + layer.type()
                        + ") reads a flattened image, whose order it would mix up; put a dense layer between them");
        }
    }
}
