package io.headwater.engine.graph.convert;

import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.Shape;
import io.headwater.engine.graph.layer.Size;
import java.util.List;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;

/**
 * Determines the input shape of a Deeplearning4j network. Its configuration does not state the shape, so it is derived
 * from the layers that read the input.
 */
final class Dl4jInput {
    private Dl4jInput() {}

    /**
     * Returns the shape of the input.
     *
     * @param image height and width of an image, used where no preprocessor states them; null for other inputs
     */
    static Shape shape(ComputationGraph graph, String input, @Nullable Size image) {
        Shape shape = null;
        for (var reader : graph.getConfiguration().getVertexInputs().entrySet()) {
            GraphVertex vertex = graph.getConfiguration().getVertices().get(reader.getKey());
            if (reader.getValue().equals(List.of(input)) && vertex instanceof LayerVertex layer) {
                Shape told = told(layer, image);
                shape = shape == null ? told : shape;
            }
        }
        if (shape != null) {
            return shape;
        }
        throw new GraphException("the shape of input '" + input + "' cannot be told from the layers that read it"
                + "; if it is an image, give its height and width");
    }

    private static @Nullable Shape told(LayerVertex vertex, @Nullable Size image) {
        InputPreProcessor before = vertex.getPreProcessor();
        if (before instanceof FeedForwardToCnnPreProcessor places) {
            return new Shape.Image(
                    Math.toIntExact(places.getNumChannels()),
                    Math.toIntExact(places.getInputHeight()),
                    Math.toIntExact(places.getInputWidth()));
        }
        Layer layer = vertex.getLayerConf().getLayer();
        if (layer instanceof FrozenLayer frozen) {
            layer = frozen.getLayer();
        }
        if (layer instanceof LastTimeStep last) {
            layer = last.getUnderlying();
        }
        if (!(layer instanceof FeedForwardLayer reader)) {
            return null;
        }
        int in = Math.toIntExact(reader.getNIn());
        if (layer instanceof ConvolutionLayer || image != null) {
            return image == null ? null : new Shape.Image(in, image.height(), image.width());
        }
        if (layer instanceof EmbeddingSequenceLayer) {
            return new Shape.Tokens(0);
        }
        return layer instanceof BaseRecurrentLayer ? new Shape.Sequence(in, 0) : new Shape.Features(in);
    }
}
