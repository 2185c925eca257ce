package io.headwater.engine.graph.convert;

import com.fasterxml.jackson.databind.JsonNode;
import io.headwater.engine.graph.TensorForms;
import io.headwater.engine.graph.layer.Activate;
import io.headwater.engine.graph.layer.Activation;
import io.headwater.engine.graph.layer.BatchNorm;
import io.headwater.engine.graph.layer.Combine;
import io.headwater.engine.graph.layer.Convolution;
import io.headwater.engine.graph.layer.Crop;
import io.headwater.engine.graph.layer.Dense;
import io.headwater.engine.graph.layer.Dropout;
import io.headwater.engine.graph.layer.Embedding;
import io.headwater.engine.graph.layer.GlobalPool;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.LastStep;
import io.headwater.engine.graph.layer.Operation;
import io.headwater.engine.graph.layer.Pad;
import io.headwater.engine.graph.layer.Padding;
import io.headwater.engine.graph.layer.PoolKind;
import io.headwater.engine.graph.layer.Recurrent;
import io.headwater.engine.graph.layer.Reshape;
import io.headwater.engine.graph.layer.Shape;
import io.headwater.engine.graph.layer.Size;
import io.headwater.engine.graph.layer.Upsample;
import io.headwater.engine.graph.layer.WindowPool;
import io.headwater.engine.weights.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
            case "Conv2D", "Convolution2D" -> convolution(layer, below);
            case "DepthwiseConv2D" -> depthwise(layer, below);
            case "SeparableConv2D", "SeparableConvolution2D" -> separable(layer, below);
            case "Dense" -> dense(layer, below);
            case "BatchNormalization" -> norm(layer, below);
            case "LSTM", "SimpleRNN" -> recurrent(layer, below);
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
            default -> graph.add(layer.name(), below, withoutWeights(layer));
        }
        if (image != null && !layer.type().equals("Dense")) {
            requireOrderless(layer);
            flattened.put(layer.name(), image);
        }
    }

    private static Operation withoutWeights(KerasConfig layer) {
        return switch (layer.type()) {
            case "Activation" -> new Activate(layer.activation("activation"));
            case "ReLU" -> new Activate(rectifier(layer));
            case "LeakyReLU" ->
                new Activate(new Activation(
                        Activation.Kind.LEAKY_RELU, layer.real("alpha", layer.real("negative_slope", 0.3))));
            case "ELU" -> new Activate(new Activation(Activation.Kind.ELU, layer.real("alpha", 1)));
            case "Softmax" -> new Activate(Activation.SOFTMAX);
            case "Dropout",
                    "SpatialDropout1D",
                    "SpatialDropout2D",
                    "GaussianDropout",
                    "GaussianNoise",
                    "AlphaDropout" -> new Dropout();
            case "ActivityRegularization" -> new Dropout();
            case "MaxPooling2D" -> pooling(layer, PoolKind.MAX);
            case "AveragePooling2D" -> pooling(layer, PoolKind.AVERAGE);
            case "ZeroPadding2D" -> new Pad(layer.sides("padding"));
            case "Cropping2D" -> new Crop(layer.sides("cropping"));
            case "UpSampling2D" -> {
                layer.require("interpolation", "nearest");
                yield new Upsample(layer.size("size", new Size(2, 2)));
            }
            default ->
                throw new GraphException("layer '" + layer.name() + "' is of type " + layer.type()
                        + ", which is not known here; leave it out or export the model to ONNX");
        };
    }

    private static Activation rectifier(KerasConfig layer) {
        if (layer.real("threshold", 0) != 0) {
            throw layer.unknown("threshold", layer.text("threshold", ""));
        }
        double slope = layer.real("negative_slope", 0);
        JsonNode max = layer.values().path("max_value");
        boolean bounded = !max.isMissingNode() && !max.isNull();
        if (bounded && (max.asDouble() != 6 || slope != 0)) {
            throw layer.unknown("max_value", max.asText());
        }
        if (slope != 0) {
            return new Activation(Activation.Kind.LEAKY_RELU, slope);
        }
        return new Activation(bounded ? Activation.Kind.RELU6 : Activation.Kind.RELU, 0);
    }

    private static WindowPool pooling(KerasConfig layer, PoolKind kind) {
        Size size = layer.size("pool_size", new Size(2, 2));
        return new WindowPool(kind, size, layer.size("strides", size), layer.padding());
    }

    private void convolution(KerasConfig layer, String below) {
        layer.require("groups", "1");
        Map<String, Tensor.F32> read = file.weights(layer.name());
        Map<String, Tensor.F32> weights = bias(layer, read);
        weights.put("W", TensorForms.permuted(weight(layer, read, "kernel", 4), 3, 2, 0, 1));
        add(layer, below, operation(layer, Convolution.Kind.STANDARD, layer.number("filters", 0), 1), weights);
    }

    private void depthwise(KerasConfig layer, String below) {
        Map<String, Tensor.F32> read = file.weights(layer.name());
        Tensor.F32 kernel = weight(layer, read, read.containsKey("kernel") ? "kernel" : "depthwise_kernel", 4);
        Map<String, Tensor.F32> weights = bias(layer, read);
        weights.put("W", kernel);
        int[] shape = kernel.shape();
        add(layer, below, operation(layer, Convolution.Kind.DEPTHWISE, shape[2] * shape[3], shape[3]), weights);
    }

    private void separable(KerasConfig layer, String below) {
        Map<String, Tensor.F32> read = file.weights(layer.name());
        Tensor.F32 kernel = weight(layer, read, "depthwise_kernel", 4);
        int[] shape = kernel.shape();
        String middle = layer.name() + "-depthwise";
        Convolution wanted = operation(layer, Convolution.Kind.DEPTHWISE, shape[2] * shape[3], shape[3]);
        graph.add(
                middle,
                List.of(below),
                new Convolution(
                        wanted.kind(),
                        wanted.filters(),
                        wanted.multiplier(),
                        wanted.kernel(),
                        wanted.strides(),
                        wanted.dilation(),
                        wanted.padding(),
                        false,
                        Activation.LINEAR),
                Map.of("W", kernel));
        Map<String, Tensor.F32> weights = bias(layer, read);
        weights.put("W", TensorForms.permuted(weight(layer, read, "pointwise_kernel", 4), 3, 2, 0, 1));
        add(
                layer,
                middle,
                new Convolution(
                        Convolution.Kind.STANDARD,
                        layer.number("filters", 0),
                        1,
                        Size.ONE,
                        Size.ONE,
                        Size.ONE,
                        Padding.VALID,
                        wanted.bias(),
                        wanted.activation()),
                weights);
    }

    private static Convolution operation(KerasConfig layer, Convolution.Kind kind, int filters, int multiplier) {
        return new Convolution(
                kind,
                filters,
                multiplier,
                layer.size("kernel_size", Size.ONE),
                layer.size("strides", Size.ONE),
                layer.size("dilation_rate", Size.ONE),
                layer.padding(),
                layer.flag("use_bias", true),
                layer.activation("activation"));
    }

    private void dense(KerasConfig layer, String below) {
        Map<String, Tensor.F32> read = file.weights(layer.name());
        Tensor.F32 kernel = weight(layer, read, "kernel", 2);
        Map<String, Tensor.F32> weights = bias(layer, read);
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
        Map<String, Tensor.F32> read = file.weights(layer.name());
        Tensor.F32 mean = weight(layer, read, "moving_mean", 1);
        int channels = mean.shape()[0];
        Map<String, Tensor.F32> weights = new TreeMap<>();
        weights.put("mean", mean);
        weights.put("var", weight(layer, read, "moving_variance", 1));
        weights.put(
                "gamma", layer.flag("scale", true) ? weight(layer, read, "gamma", 1) : TensorForms.filled(channels, 1));
        weights.put(
                "beta", layer.flag("center", true) ? weight(layer, read, "beta", 1) : TensorForms.filled(channels, 0));
        weights.replaceAll((name, tensor) -> ordered(layer, below, tensor));
        add(
                layer,
                below,
                new BatchNorm(layer.real("epsilon", 1e-3), layer.real("momentum", BatchNorm.MOMENTUM)),
                weights);
    }

    private void recurrent(KerasConfig layer, String below) {
        layer.require("go_backwards", "false");
        layer.require("stateful", "false");
        boolean lstm = layer.type().equals("LSTM");
        int units = layer.number("units", 0);
        Map<String, Tensor.F32> read = file.weights(layer.name());
        Map<String, Tensor.F32> weights = new TreeMap<>();
        weights.put("W", weight(layer, read, "kernel", 2));
        weights.put("RW", weight(layer, read, "recurrent_kernel", 2));
        weights.put(
                "b",
                layer.flag("use_bias", true)
                        ? weight(layer, read, "bias", 1)
                        : TensorForms.filled((lstm ? 4 : 1) * units, 0));
        if (lstm) {
            weights.replaceAll(
                    (name, tensor) -> TensorForms.blocks(tensor, 2, 1, 3, 0)); // i, f, c, o becomes c, f, o, i
        }
        Recurrent operation = new Recurrent(
                lstm ? Recurrent.Kind.LSTM : Recurrent.Kind.SIMPLE,
                units,
                layer.activation("activation"),
                lstm ? layer.activation("recurrent_activation") : Activation.LINEAR);
        if (layer.flag("return_sequences", false)) {
            add(layer, below, operation, weights);
        } else {
            String steps = layer.name() + "-steps";
            graph.add(steps, List.of(below), operation, weights);
            graph.add(layer.name(), steps, new LastStep());
        }
    }

    private void embedding(KerasConfig layer, String below) {
        layer.require("mask_zero", "false");
        Tensor.F32 rows = weight(layer, file.weights(layer.name()), "embeddings", 2);
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

    private static Map<String, Tensor.F32> bias(KerasConfig layer, Map<String, Tensor.F32> read) {
        Map<String, Tensor.F32> weights = new TreeMap<>();
        if (layer.flag("use_bias", true)) {
            weights.put("b", weight(layer, read, "bias", 1));
        }
        return weights;
    }

    private static Tensor.F32 weight(KerasConfig layer, Map<String, Tensor.F32> read, String name, int rank) {
        Tensor.F32 tensor = read.get(name);
        if (tensor == null || tensor.shape().length != rank) {
            throw new GraphException("layer '" + layer.name() + "' (" + layer.type() + ") must have a weight '" + name
                    + "' of rank " + rank + ", but has " + read.keySet());
        }
        return Objects.requireNonNull(tensor);
    }
}
