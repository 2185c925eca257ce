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
 * Which of Deeplearning4j's layers may compute in the build with oneDNN: those that tests hold to plain loops. Others are
 * refused there, since some are wrong without a word: softmax over the channels of an image, and an LSTM.
 */
public final class OneDnn {
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
     * @param name of the layer, for the message
     * @throws BackboneException when the build has oneDNN and the layer is not proven with it
     */
    public static void requireProven(String name, Layer layer) {
        if (EngineBuild.current().oneDnn() && !isProven(layer)) {
            throw new BackboneException(
                    "layer '%s' is a %s, which is not proven with oneDNN; use the build without -Ponednn"
                            .formatted(name, layer.getClass().getSimpleName()));
        }
    }

    /** Whether tests hold the layer, as it is configured, to plain loops with oneDNN. */
    static boolean isProven(Layer layer) {
        boolean softmaxOfImages = !(layer instanceof OutputLayer)
                && layer instanceof FeedForwardLayer feedForward
                && feedForward.getActivationFn() instanceof ActivationSoftmax;
        boolean softmaxAlone = layer instanceof ActivationLayer activation
                && activation.getActivationFn() instanceof ActivationSoftmax;
        return PROVEN.contains(layer.getClass()) && !softmaxOfImages && !softmaxAlone;
    }
}
