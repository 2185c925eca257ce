package io.headwater.engine.graph.convert;

import io.headwater.engine.graph.TensorForms;
import io.headwater.engine.graph.layer.Activation;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.Padding;
import io.headwater.engine.graph.layer.PoolKind;
import io.headwater.engine.graph.layer.Sides;
import io.headwater.engine.graph.layer.Size;
import io.headwater.engine.weights.Tensor;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Reads the settings and parameters of Deeplearning4j layers. */
final class Dl4jSettings {
    private Dl4jSettings() {}

    /** Returns the weights of a batch normalization, including those that are fixed or stored in another form. */
    static Map<String, Tensor.F32> norm(BatchNormalization layer, Map<String, Tensor.F32> weights) {
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

    /** Returns copies of the parameters of a layer by their keys. */
    static Map<String, Tensor.F32> weights(org.deeplearning4j.nn.api.Layer live) {
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

    /** Returns the activation function of a layer. */
    static Activation activation(String name, Layer layer, @Nullable IActivation function) {
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

    /** Returns the kind of pooling of a layer. */
    static PoolKind kind(String name, Layer layer, PoolingType type) {
        return switch (type) {
            case MAX -> PoolKind.MAX;
            case AVG -> PoolKind.AVERAGE;
            default -> throw unknown(name, layer, " of kind " + type);
        };
    }

    /** Returns the padding of a layer. */
    static Padding padding(String name, Layer layer, ConvolutionMode mode, int[] padding) {
        return switch (mode) {
            case Same -> Padding.SAME;
            case Strict, Truncate -> new Padding(false, padding[0], padding[1]);
            default -> throw unknown(name, layer, " with mode " + mode);
        };
    }

    /** Height and width. */
    static Size size(int[] both) {
        return new Size(both[0], both[1]);
    }

    /** Top, bottom, left and right. */
    static Sides sides(int[] four) {
        return new Sides(four[0], four[1], four[2], four[3]);
    }

    /** Checks that {@code layer} has its channels first. */
    static void requireFirst(String name, Object layer, CNN2DFormat format) {
        if (format == CNN2DFormat.NHWC) {
            throw unknown(name, layer, " with channels last");
        }
    }

    /** Returns the exception for an unsupported layer or setting. */
    static GraphException unknown(String name, Object layer, String detail) {
        return new GraphException(
                "layer '" + name + "' is of type " + layer.getClass().getSimpleName() + detail
                        + ", which is not known here; leave it out or export the model to ONNX");
    }
}
