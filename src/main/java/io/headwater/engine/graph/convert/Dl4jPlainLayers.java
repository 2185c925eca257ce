package io.headwater.engine.graph.convert;

import static io.headwater.engine.graph.convert.Dl4jSettings.activation;
import static io.headwater.engine.graph.convert.Dl4jSettings.kind;
import static io.headwater.engine.graph.convert.Dl4jSettings.padding;
import static io.headwater.engine.graph.convert.Dl4jSettings.requireFirst;
import static io.headwater.engine.graph.convert.Dl4jSettings.sides;
import static io.headwater.engine.graph.convert.Dl4jSettings.size;
import static io.headwater.engine.graph.convert.Dl4jSettings.unknown;

import io.headwater.engine.graph.layer.Activate;
import io.headwater.engine.graph.layer.Crop;
import io.headwater.engine.graph.layer.Dropout;
import io.headwater.engine.graph.layer.GlobalPool;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.Operation;
import io.headwater.engine.graph.layer.Pad;
import io.headwater.engine.graph.layer.Padding;
import io.headwater.engine.graph.layer.Upsample;
import io.headwater.engine.graph.layer.WindowPool;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;

/** Converts the layers of Deeplearning4j that have no weights into operations. */
final class Dl4jPlainLayers {
    private Dl4jPlainLayers() {}

    /**
     * Returns the operation for {@code layer}.
     *
     * @throws GraphException when the type of the layer or one of its settings is not supported
     */
    static Operation operation(String name, Layer layer) {
        if (layer instanceof ActivationLayer activation) {
            return new Activate(activation(name, layer, activation.getActivationFn()));
        }
        if (layer instanceof LossLayer loss) {
            return new Activate(activation(name, layer, loss.getActivationFn()));
        }
        if (layer instanceof DropoutLayer) {
            return new Dropout();
        }
        if (layer.getClass() == SubsamplingLayer.class) {
            return pooling(name, (SubsamplingLayer) layer);
        }
        if (layer instanceof GlobalPoolingLayer pool
                && pool.isCollapseDimensions()
                && pool.getPoolingDimensions() == null) {
            return new GlobalPool(kind(name, layer, pool.getPoolingType()));
        }
        if (layer instanceof ZeroPaddingLayer pad) {
            requireFirst(name, layer, pad.getDataFormat());
            return new Pad(sides(pad.getPadding()));
        }
        if (layer instanceof Cropping2D crop) {
            requireFirst(name, layer, crop.getDataFormat());
            return new Crop(sides(crop.getCropping()));
        }
        if (layer instanceof Upsampling2D upsampling) {
            requireFirst(name, layer, upsampling.getFormat());
            return new Upsample(size(upsampling.getSize()));
        }
        throw unknown(name, layer, "");
    }

    private static WindowPool pooling(String name, SubsamplingLayer layer) {
        requireFirst(name, layer, layer.getCnn2dDataFormat());
        Padding padding = padding(name, layer, layer.getConvolutionMode(), layer.getPadding());
        boolean padded = padding.same() || padding.height() + padding.width() > 0;
        if (Arrays.stream(layer.getDilation()).anyMatch(step -> step != 1)
                || (layer.isAvgPoolIncludePadInDivisor() && padded && layer.getPoolingType() == PoolingType.AVG)) {
            throw unknown(name, layer, " with dilation, or with padding in its mean");
        }
        return new WindowPool(
                kind(name, layer, layer.getPoolingType()),
                size(layer.getKernelSize()),
                size(layer.getStride()),
                padding);
    }
}
