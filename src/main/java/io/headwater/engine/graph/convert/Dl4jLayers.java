package io.headwater.engine.graph.convert;

import static io.headwater.engine.graph.convert.Dl4jSettings.activation;
import static io.headwater.engine.graph.convert.Dl4jSettings.requireFirst;
import static io.headwater.engine.graph.convert.Dl4jSettings.unknown;

import io.headwater.engine.graph.layer.Activation;
import io.headwater.engine.graph.layer.BatchNorm;
import io.headwater.engine.graph.layer.Combine;
import io.headwater.engine.graph.layer.Convolution;
import io.headwater.engine.graph.layer.Dense;
import io.headwater.engine.graph.layer.Dropout;
import io.headwater.engine.graph.layer.Embedding;
import io.headwater.engine.graph.layer.LastStep;
import io.headwater.engine.graph.layer.Operation;
import io.headwater.engine.graph.layer.Recurrent;
import io.headwater.engine.graph.layer.Reshape;
import io.headwater.engine.graph.layer.Shape;
import io.headwater.engine.weights.Tensor;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.jspecify.annotations.Nullable;

/** Converts the layers and vertices of Deeplearning4j into operations. */
final class Dl4jLayers {
    private final GraphAssembly graph;

    Dl4jLayers(GraphAssembly graph) {
        this.graph = graph;
    }

    /** Adds a vertex, preceded by another one for its preprocessor if it has one. */
    void add(String name, GraphVertex vertex, List<String> inputs, org.deeplearning4j.nn.api.@Nullable Layer live) {
        if (vertex instanceof LayerVertex layered && live != null) {
            String below = inputs.get(0);
            InputPreProcessor before = layered.getPreProcessor();
            if (before != null) {
                graph.add(name + "-shaped", below, reshape(name, before, below));
                below = name + "-shaped";
            }
            layer(name, layered.getLayerConf().getLayer(), below, Dl4jSettings.weights(live));
        } else if (vertex instanceof ElementWiseVertex element) {
            graph.add(
                    name,
                    inputs,
                    new Combine(
                            switch (element.getOp()) {
                                case Add -> Combine.Kind.ADD;
                                case Subtract -> Combine.Kind.SUBTRACT;
                                case Product -> Combine.Kind.MULTIPLY;
                                case Average -> Combine.Kind.AVERAGE;
                                case Max -> Combine.Kind.MAX;
                            }),
                    Map.of());
        } else if (vertex instanceof MergeVertex merge && merge.getMergeAxis() == 1) {
            if (inputs.size() == 1) {
                graph.add(name, inputs.get(0), new Dropout());
            } else {
                graph.add(name, inputs, new Combine(Combine.Kind.CONCAT), Map.of());
            }
        } else if (vertex instanceof LastTimeStepVertex) {
            graph.add(name, inputs.get(0), new LastStep());
        } else if (vertex instanceof PreprocessorVertex shaping) {
            graph.add(name, inputs.get(0), reshape(name, shaping.getPreProcessor(), inputs.get(0)));
        } else {
            throw unknown(name, vertex, "");
        }
    }

    private void layer(String name, Layer layer, String below, Map<String, Tensor.F32> weights) {
        if (layer instanceof FrozenLayer frozen) {
            layer(name, frozen.getLayer(), below, weights);
        } else if (layer instanceof LastTimeStep last) {
            layer(name + "-steps", last.getUnderlying(), below, weights);
            graph.add(name, name + "-steps", new LastStep());
        } else if (layer instanceof SeparableConvolution2D separable) {
            new Dl4jConvolutions(graph).separable(name, separable, below, weights);
        } else if (layer instanceof DepthwiseConvolution2D depthwise) {
            requireFirst(name, layer, depthwise.getCnn2dDataFormat());
            int multiplier = depthwise.getDepthMultiplier();
            int filters = Math.multiplyExact(Math.toIntExact(depthwise.getNIn()), multiplier);
            add(
                    name,
                    below,
                    Dl4jConvolutions.operation(name, depthwise, Convolution.Kind.DEPTHWISE, filters, multiplier),
                    weights);
        } else if (layer.getClass() == ConvolutionLayer.class) {
            ConvolutionLayer one = (ConvolutionLayer) layer;
            int filters = Math.toIntExact(one.getNOut());
            add(name, below, Dl4jConvolutions.operation(name, one, Convolution.Kind.STANDARD, filters, 1), weights);
        } else if (layer instanceof BatchNormalization norm) {
            requireFirst(name, layer, norm.getCnn2DFormat());
            add(name, below, new BatchNorm(norm.getEps(), norm.getDecay()), Dl4jSettings.norm(norm, weights));
        } else if (layer instanceof DenseLayer dense && !dense.hasLayerNorm()) {
            int units = Math.toIntExact(dense.getNOut());
            add(
                    name,
                    below,
                    new Dense(units, dense.hasBias(), activation(name, layer, dense.getActivationFn())),
                    weights);
        } else if (layer.getClass() == OutputLayer.class) {
            OutputLayer output = (OutputLayer) layer;
            int units = Math.toIntExact(output.getNOut());
            Activation activation = activation(name, layer, output.getActivationFn());
            add(name, below, new Dense(units, output.hasBias(), activation), weights);
        } else if (layer instanceof LSTM lstm && lstm.getRnnDataFormat() != RNNFormat.NWC) {
            add(
                    name,
                    below,
                    new Recurrent(
                            Recurrent.Kind.LSTM,
                            Math.toIntExact(lstm.getNOut()),
                            activation(name, layer, lstm.getActivationFn()),
                            activation(name, layer, lstm.getGateActivationFn())),
                    weights);
        } else if (layer instanceof SimpleRnn simple
                && !simple.hasLayerNorm()
                && simple.getRnnDataFormat() != RNNFormat.NWC) {
            Activation activation = activation(name, layer, simple.getActivationFn());
            int units = Math.toIntExact(simple.getNOut());
            add(name, below, new Recurrent(Recurrent.Kind.SIMPLE, units, activation, Activation.LINEAR), weights);
        } else if (layer instanceof EmbeddingSequenceLayer embedding && !embedding.hasBias()) {
            if (activation(name, layer, embedding.getActivationFn()).kind() != Activation.Kind.LINEAR) {
                throw unknown(name, layer, " with an activation");
            }
            int rows = Math.toIntExact(embedding.getNIn());
            add(name, below, new Embedding(rows, Math.toIntExact(embedding.getNOut())), weights);
        } else {
            graph.add(name, below, Dl4jPlainLayers.operation(name, layer));
        }
    }

    private Operation reshape(String name, InputPreProcessor before, String below) {
        if (before instanceof CnnToFeedForwardPreProcessor flat) {
            requireFirst(name, flat, flat.getFormat());
            return new Reshape(new Shape.Features(graph.shape(below).size()));
        }
        if (before instanceof FeedForwardToCnnPreProcessor image) {
            return new Reshape(new Shape.Image(
                    Math.toIntExact(image.getNumChannels()),
                    Math.toIntExact(image.getInputHeight()),
                    Math.toIntExact(image.getInputWidth())));
        }
        throw unknown(name, before, "");
    }

    private void add(String name, String below, Operation operation, Map<String, Tensor.F32> weights) {
        graph.add(name, List.of(below), operation, weights);
    }
}
