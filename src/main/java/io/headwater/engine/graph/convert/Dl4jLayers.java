package io.headwater.engine.graph.convert;

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
import io.headwater.engine.graph.layer.Sides;
import io.headwater.engine.graph.layer.Size;
import io.headwater.engine.graph.layer.Upsample;
import io.headwater.engine.graph.layer.WindowPool;
import io.headwater.engine.weights.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.api.ndarray.INDArray;

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
            layer(name, layered.getLayerConf().getLayer(), below, weights(live));
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
            separable(name, separable, below, weights);
        } else if (layer instanceof DepthwiseConvolution2D depthwise) {
            requireFirst(name, layer, depthwise.getCnn2dDataFormat());
            int multiplier = depthwise.getDepthMultiplier();
            int filters = Math.multiplyExact(Math.toIntExact(depthwise.getNIn()), multiplier);
            add(name, below, convolution(name, depthwise, Convolution.Kind.DEPTHWISE, filters, multiplier), weights);
        } else if (layer.getClass() == ConvolutionLayer.class) {
            ConvolutionLayer one = (ConvolutionLayer) layer;
            int filters = Math.toIntExact(one.getNOut());
            add(name, below, convolution(name, one, Convolution.Kind.STANDARD, filters, 1), weights);
        } else if (layer instanceof BatchNormalization norm) {
            requireFirst(name, layer, norm.getCnn2DFormat());
            add(name, below, new BatchNorm(norm.getEps(), norm.getDecay()), norm(norm, weights));
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
            graph.add(name, below, withoutWeights(name, layer));
        }
    }

    private static Operation withoutWeights(String name, Layer layer) {
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

    private static Convolution convolution(
            String name, ConvolutionLayer layer, Convolution.Kind kind, int filters, int multiplier) {
        requireFirst(name, layer, layer.getCnn2dDataFormat());
        return new Convolution(
                kind,
                filters,
                multiplier,
                size(layer.getKernelSize()),
                size(layer.getStride()),
                size(layer.getDilation()),
                padding(name, layer, layer.getConvolutionMode(), layer.getPadding()),
                layer.hasBias(),
                activation(name, layer, layer.getActivationFn()));
    }

    /** Adds a separable convolution as a depthwise convolution followed by a standard 1x1 convolution. */
    private void separable(String name, SeparableConvolution2D layer, String below, Map<String, Tensor.F32> weights) {
        Tensor.F32 deep = weights.get("W");
        Tensor.F32 wide = weights.get("pW");
        if (deep == null || wide == null) {
            throw unknown(name, layer, " without weights");
        }
        int multiplier = layer.getDepthMultiplier();
        int channels = Math.multiplyExact(Math.toIntExact(layer.getNIn()), multiplier);
        Convolution whole = convolution(name, layer, Convolution.Kind.DEPTHWISE, channels, multiplier);
        String middle = name + "-depthwise";
        Convolution first = new Convolution(
                Convolution.Kind.DEPTHWISE,
                channels,
                multiplier,
                whole.kernel(),
                whole.strides(),
                whole.dilation(),
                whole.padding(),
                false,
                Activation.LINEAR);
        graph.add(middle, List.of(below), first, Map.of("W", TensorForms.permuted(deep, 2, 3, 1, 0)));
        Map<String, Tensor.F32> second = new TreeMap<>(weights);
        second.remove("pW");
        second.put("W", wide);
        add(
                name,
                middle,
                new Convolution(
                        Convolution.Kind.STANDARD,
                        Math.toIntExact(layer.getNOut()),
                        1,
                        Size.ONE,
                        Size.ONE,
                        Size.ONE,
                        Padding.VALID,
                        whole.bias(),
                        whole.activation()),
                second);
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

    private static Map<String, Tensor.F32> norm(BatchNormalization layer, Map<String, Tensor.F32> weights) {
        Map<String, Tensor.F32> known = new TreeMap<>(weights);
        int channels = Math.toIntExact(layer.getNOut());
        known.putIfAbsent("gamma", TensorForms.filled(channels, (float) layer.getGamma()));
        known.putIfAbsent("beta", TensorForms.filled(channels, (float) layer.getBeta()));
        Tensor.F32 deviation = known.remove("log10stdev");
        if (deviation != null) {
            float[] var = new float[channels];
            for (int i = 0; i < var.length; i++) {
                var[i] = (float) Math.pow(10, 2.0 * deviation.values()[i]);
            }
            known.put("var", TensorForms.of(var, channels));
        }
        return known;
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

    private static Map<String, Tensor.F32> weights(org.deeplearning4j.nn.api.Layer live) {
        Map<String, Tensor.F32> weights = new TreeMap<>();
        live.paramTable().forEach((key, array) -> weights.put(key, tensor(array, !key.endsWith("W"))));
        return weights;
    }

    /** Copies an array. Deeplearning4j stores a vector as a matrix with one row. */
    private static Tensor.F32 tensor(INDArray array, boolean vector) {
        int[] shape = Arrays.stream(array.shape()).mapToInt(Math::toIntExact).toArray();
        float[] values = array.dup('c').data().asFloat();
        return new Tensor.F32(vector ? new int[] {values.length} : shape, values);
    }

    private static Activation activation(String name, Layer layer, @Nullable IActivation function) {
        if (function instanceof ActivationLReLU leaky) {
            return new Activation(Activation.Kind.LEAKY_RELU, leaky.getAlpha());
        }
        if (function instanceof ActivationELU exponential) {
            return new Activation(Activation.Kind.ELU, exponential.getAlpha());
        }
        String known =
                function == null ? "" : function.getClass().getSimpleName().replace("Activation", "");
        return switch (known.toUpperCase(Locale.ROOT)) {
            case "IDENTITY" -> Activation.LINEAR;
            case "HARDSIGMOID" -> new Activation(Activation.Kind.HARD_SIGMOID, 0);
            case "RELU", "RELU6", "SELU", "SIGMOID", "TANH", "SOFTPLUS", "SOFTSIGN", "SWISH", "SOFTMAX" ->
                new Activation(Activation.Kind.valueOf(known.toUpperCase(Locale.ROOT)), 0);
            default -> throw unknown(name, layer, " with activation " + function);
        };
    }

    private static PoolKind kind(String name, Layer layer, PoolingType type) {
        return switch (type) {
            case MAX -> PoolKind.MAX;
            case AVG -> PoolKind.AVERAGE;
            default -> throw unknown(name, layer, " of kind " + type);
        };
    }

    private static Padding padding(String name, Layer layer, ConvolutionMode mode, int[] padding) {
        return switch (mode) {
            case Same -> Padding.SAME;
            case Strict, Truncate -> new Padding(false, padding[0], padding[1]);
            default -> throw unknown(name, layer, " with mode " + mode);
        };
    }

    private static Size size(int[] both) {
        return new Size(both[0], both[1]);
    }

    private static Sides sides(int[] four) {
        return new Sides(four[0], four[1], four[2], four[3]);
    }

    private static void requireFirst(String name, Object layer, CNN2DFormat format) {
        if (format == CNN2DFormat.NHWC) {
            throw unknown(name, layer, " with channels last");
        }
    }

    private static GraphException unknown(String name, Object layer, String detail) {
        return new GraphException(
                "layer '" + name + "' is of type " + layer.getClass().getSimpleName() + detail
                        + ", which is not known here; leave it out or export the model to ONNX");
    }
}
