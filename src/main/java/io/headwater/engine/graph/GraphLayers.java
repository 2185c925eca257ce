package io.headwater.engine.graph;

import io.headwater.engine.graph.layer.Activate;
import io.headwater.engine.graph.layer.Activation;
import io.headwater.engine.graph.layer.BatchNorm;
import io.headwater.engine.graph.layer.Combine;
import io.headwater.engine.graph.layer.Convolution;
import io.headwater.engine.graph.layer.Crop;
import io.headwater.engine.graph.layer.Dense;
import io.headwater.engine.graph.layer.Embedding;
import io.headwater.engine.graph.layer.GlobalPool;
import io.headwater.engine.graph.layer.LastStep;
import io.headwater.engine.graph.layer.Operation;
import io.headwater.engine.graph.layer.Pad;
import io.headwater.engine.graph.layer.PoolKind;
import io.headwater.engine.graph.layer.Recurrent;
import io.headwater.engine.graph.layer.Reshape;
import io.headwater.engine.graph.layer.ScaledElu;
import io.headwater.engine.graph.layer.Shape;
import io.headwater.engine.graph.layer.Sides;
import io.headwater.engine.graph.layer.Size;
import io.headwater.engine.graph.layer.Upsample;
import io.headwater.engine.graph.layer.WindowPool;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Creates the Deeplearning4j layer or vertex for each operation. */
final class GraphLayers {
    /** Suffix of the name of a copy of the network's input. */
    private static final String COPY = "-input";

    private final GraphBuilder builder;
    private final String network;
    private final boolean trains;

    /**
     * Creates an instance that adds layers to {@code builder}.
     *
     * @param network the name of the network's input
     * @param trains whether the graph is used for training; otherwise it may be exported and has standard layers only
     */
    GraphLayers(GraphBuilder builder, String network, boolean trains) {
        this.builder = builder;
        this.network = network;
        this.trains = trains;
    }

    /** Adds the output layer, which computes {@code loss}. */
    void addOutput(String name, Dense dense, ILossFunction loss, List<String> inputs, List<Shape> shapes) {
        Layer layer = new OutputLayer.Builder(loss)
                .nIn(shapes.get(0).size())
                .nOut(dense.units())
                .hasBias(dense.bias())
                .activation(function(dense.activation()))
                .build();
        OneDnn.requireProven(name, layer);
        builder.addLayer(name, layer, inputs.toArray(String[]::new));
    }

    /**
     * Adds batch normalization with fixed statistics as a scale and a shift of each channel. Deeplearning4j's own
     * layer, even a frozen one, computes the gradient as if the statistics were those of the batch.
     */
    void addFixedNorm(String name, List<String> inputs, List<Shape> shapes) {
        Layer layer;
        if (shapes.get(0) instanceof Shape.Image image && image.channels() == 1) {
            layer = new ConvolutionLayer.Builder(1, 1) // the gradient of a depthwise convolution fails with one channel
                    .nIn(1)
                    .nOut(1)
                    .activation(function(Activation.LINEAR))
                    .build();
        } else if (shapes.get(0) instanceof Shape.Image image) {
            layer = new DepthwiseConvolution2D.Builder(1, 1)
                    .depthMultiplier(1)
                    .nIn(image.channels())
                    .nOut(image.channels())
                    .activation(function(Activation.LINEAR))
                    .build();
        } else {
            int width = shapes.get(0).size();
            layer = new ElementWiseMultiplicationLayer.Builder()
                    .nIn(width)
                    .nOut(width)
                    .activation(function(Activation.LINEAR))
                    .build();
        }
        OneDnn.requireProven(name, layer);
        builder.addLayer(name, layer, inputs.toArray(String[]::new));
    }

    /**
     * Adds batch normalization with the statistics of the batch. The layer returns these statistics, negated, as the
     * gradients of its running statistics, which are zero.
     */
    void addStepNorm(String name, BatchNorm norm, List<String> inputs, List<Shape> shapes) {
        Layer layer = norm(norm, shapes.get(0)).decay(0).build();
        OneDnn.requireProven(name, layer);
        builder.addLayer(name, layer, inputs.toArray(String[]::new));
    }

    private static BatchNormalization.Builder norm(BatchNorm norm, Shape in) {
        int channels = in instanceof Shape.Image image ? image.channels() : in.size();
        return new BatchNormalization.Builder()
                .nIn(channels)
                .nOut(channels)
                .eps(norm.epsilon())
                .decay(norm.momentum())
                .useLogStd(false);
    }

    /** Adds any other vertex. */
    void add(String name, Operation operation, List<String> inputs, List<Shape> shapes) {
        String[] below = inputs.toArray(String[]::new);
        if (operation instanceof Activate && inputs.contains(network)) {
            // Deeplearning4j would apply the activation to the network's input in place and change it for all readers.
            below = new String[] {name + COPY};
            builder.addVertex(below[0], new ScaleVertex(1), network);
        }
        GraphVertex vertex = vertex(operation, shapes);
        if (vertex != null) {
            builder.addVertex(name, vertex, below);
        } else {
            Layer layer = layer(operation, shapes.get(0));
            OneDnn.requireProven(name, layer);
            builder.addLayer(name, layer, below);
        }
    }

    private @Nullable GraphVertex vertex(Operation operation, List<Shape> shapes) {
        if (operation instanceof Combine combine) {
            return switch (combine.kind()) {
                case ADD -> new ElementWiseVertex(ElementWiseVertex.Op.Add);
                case SUBTRACT -> new ElementWiseVertex(ElementWiseVertex.Op.Subtract);
                case MULTIPLY -> new ElementWiseVertex(ElementWiseVertex.Op.Product);
                case AVERAGE -> new ElementWiseVertex(ElementWiseVertex.Op.Average);
                case MAX -> new ElementWiseVertex(ElementWiseVertex.Op.Max);
                case CONCAT -> new MergeVertex();
            };
        }
        if (operation instanceof LastStep) {
            return new LastTimeStepVertex(network);
        }
        if (operation instanceof Reshape reshape) {
            if (shapes.get(0) instanceof Shape.Image in && reshape.shape() instanceof Shape.Features) {
                return new PreprocessorVertex(new CnnToFeedForwardPreProcessor(in.height(), in.width(), in.channels()));
            }
            if (reshape.shape() instanceof Shape.Image out && shapes.get(0) instanceof Shape.Features) {
                return new PreprocessorVertex(
                        new FeedForwardToCnnPreProcessor(out.height(), out.width(), out.channels()));
            }
        }
        return null;
    }

    private Layer layer(Operation operation, Shape in) {
        if (operation instanceof Convolution convolution) {
            return convolution(convolution, ((Shape.Image) in).channels());
        }
        if (operation instanceof Dense dense) {
            return new DenseLayer.Builder()
                    .nIn(in.size())
                    .nOut(dense.units())
                    .hasBias(dense.bias())
                    .activation(function(dense.activation()))
                    .build();
        }
        if (operation instanceof BatchNorm norm) {
            return norm(norm, in).build();
        }
        if (operation instanceof Recurrent recurrent) {
            return recurrent(recurrent, ((Shape.Sequence) in).width());
        }
        if (operation instanceof Embedding embedding) {
            return new EmbeddingSequenceLayer.Builder()
                    .nIn(embedding.rows())
                    .nOut(embedding.width())
                    .hasBias(false)
                    .inferInputLength(true)
                    .activation(function(Activation.LINEAR))
                    .build();
        }
        return withoutWeights(operation);
    }

    private Layer withoutWeights(Operation operation) {
        if (operation instanceof Activate activate) {
            return new ActivationLayer.Builder()
                    .activation(function(activate.activation()))
                    .build();
        }
        if (operation instanceof WindowPool pool) {
            return pooling(pool);
        }
        if (operation instanceof GlobalPool pool) {
            return new GlobalPoolingLayer.Builder(pool.kind() == PoolKind.MAX ? PoolingType.MAX : PoolingType.AVG)
                    .build();
        }
        if (operation instanceof Pad pad) {
            return new ZeroPaddingLayer.Builder(sides(pad.sides())).build();
        }
        if (operation instanceof Crop crop) {
            return new Cropping2D.Builder(sides(crop.sides())).build();
        }
        if (operation instanceof Upsample upsample) {
            return new Upsampling2D.Builder(1).size(both(upsample.factor())).build();
        }
        return new ActivationLayer.Builder() // dropout, and a reshape that changes nothing
                .activation(function(Activation.LINEAR))
                .build();
    }

    private Layer convolution(Convolution op, int channels) {
        int[] kernel = both(op.kernel());
        var layer = switch (op.kind()) {
            case STANDARD -> new ConvolutionLayer.Builder(kernel);
            case DEPTHWISE -> new DepthwiseConvolution2D.Builder(kernel).depthMultiplier(op.multiplier());
        };
        layer.convolutionMode(op.padding().same() ? ConvolutionMode.Same : ConvolutionMode.Truncate);
        layer.padding(op.padding().height(), op.padding().width());
        layer.stride(both(op.strides()));
        layer.dilation(both(op.dilation()));
        layer.hasBias(op.bias());
        layer.nIn(channels);
        layer.nOut(op.filters());
        layer.activation(function(op.activation()));
        return layer.build();
    }

    private static Layer pooling(WindowPool op) {
        return new SubsamplingLayer.Builder(
                        op.kind() == PoolKind.MAX ? SubsamplingLayer.PoolingType.MAX : SubsamplingLayer.PoolingType.AVG)
                .kernelSize(both(op.kernel()))
                .stride(both(op.strides()))
                .padding(op.padding().height(), op.padding().width())
                .convolutionMode(op.padding().same() ? ConvolutionMode.Same : ConvolutionMode.Truncate)
                .build();
    }

    private Layer recurrent(Recurrent op, int width) {
        if (op.kind() == Recurrent.Kind.SIMPLE) {
            return new SimpleRnn.Builder()
                    .nIn(width)
                    .nOut(op.units())
                    .activation(function(op.activation()))
                    .dataFormat(RNNFormat.NCW)
                    .build();
        }
        return new LSTM.Builder()
                .nIn(width)
                .nOut(op.units())
                .activation(function(op.activation()))
                .gateActivationFunction(function(op.gates()))
                .dataFormat(RNNFormat.NCW)
                .build();
    }

    private IActivation function(Activation activation) {
        return switch (activation.kind()) {
            case LINEAR -> org.nd4j.linalg.activations.Activation.IDENTITY.getActivationFunction();
            case LEAKY_RELU -> new ActivationLReLU(activation.slope());
            case ELU -> trains ? new ScaledElu(activation.slope()) : new ActivationELU(activation.slope());
            default ->
                org.nd4j.linalg.activations.Activation.valueOf(
                                activation.kind().name().replace("_", "").toUpperCase(Locale.ROOT))
                        .getActivationFunction();
        };
    }

    private static int[] both(Size size) {
        return new int[] {size.height(), size.width()};
    }

    private static int[] sides(Sides sides) {
        return new int[] {sides.top(), sides.bottom(), sides.left(), sides.right()};
    }
}
