package io.headwater.engine.graph;

import io.headwater.engine.BackboneException;
import io.headwater.engine.device.EngineBuild;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/**
 * Decides which Deeplearning4j layers may be used in the build with oneDNN: those whose results the tests compare with
 * plain loops. Other layers are refused, because some of them silently give wrong results: softmax over the channels
 * of an image, and LSTM.
 */
final class OneDnn {
    private static final Set<Class<? extends Layer>> PROVEN = Set.of(
            ConvolutionLayer.class,
            SubsamplingLayer.class,
            BatchNormalization.class,
            GlobalPoolingLayer.class,
            DenseLayer.class,
            OutputLayer.class,
            ActivationLayer.class,
            DropoutLayer.class,
            ZeroPaddingLayer.class);

    private OneDnn() {}

    /**
     * Does nothing where this build has no oneDNN.
     *
     * @param name the name of the layer, for the message
     * @throws BackboneException when the build has oneDNN and the layer is not tested with it
     */
    static void requireProven(String name, Layer layer) {
        if (EngineBuild.current().oneDnn() && !isProven(layer)) {
            throw new BackboneException(
                    "layer '%s' is a %s, which is not proven with oneDNN; use the build without -Ponednn"
                            .formatted(name, layer.getClass().getSimpleName()));
        }
    }

    /** Whether the tests compare the layer, as it is configured, with plain loops under oneDNN. */
    static boolean isProven(Layer layer) {
        boolean softmaxOfImages = !(layer instanceof OutputLayer)
                && layer instanceof FeedForwardLayer feedForward
                && feedForward.getActivationFn() instanceof ActivationSoftmax;
        boolean softmaxAlone = layer instanceof ActivationLayer activation
                && activation.getActivationFn() instanceof ActivationSoftmax;
        return PROVEN.contains(layer.getClass()) && !softmaxOfImages && !softmaxAlone;
    }
}
