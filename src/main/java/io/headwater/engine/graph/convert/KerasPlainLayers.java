package io.headwater.engine.graph.convert;

import com.fasterxml.jackson.databind.JsonNode;
import io.headwater.engine.graph.layer.Activate;
import io.headwater.engine.graph.layer.Activation;
import io.headwater.engine.graph.layer.Crop;
import io.headwater.engine.graph.layer.Dropout;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.Operation;
import io.headwater.engine.graph.layer.Pad;
import io.headwater.engine.graph.layer.PoolKind;
import io.headwater.engine.graph.layer.Size;
import io.headwater.engine.graph.layer.Upsample;
import io.headwater.engine.graph.layer.WindowPool;

/** Converts the layers of Keras that have no weights into operations. */
final class KerasPlainLayers {
    private KerasPlainLayers() {}

    /**
     * Returns the operation for {@code layer}.
     *
     * @throws GraphException when the type of the layer or one of its settings is not supported
     */
    static Operation operation(KerasConfig layer) {
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
}
