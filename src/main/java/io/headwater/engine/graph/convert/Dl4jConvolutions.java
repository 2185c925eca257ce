package io.headwater.engine.graph.convert;

import static io.headwater.engine.graph.convert.Dl4jSettings.activation;
import static io.headwater.engine.graph.convert.Dl4jSettings.padding;
import static io.headwater.engine.graph.convert.Dl4jSettings.requireFirst;
import static io.headwater.engine.graph.convert.Dl4jSettings.size;
import static io.headwater.engine.graph.convert.Dl4jSettings.unknown;

import io.headwater.engine.graph.TensorForms;
import io.headwater.engine.graph.layer.Activation;
import io.headwater.engine.graph.layer.Convolution;
import io.headwater.engine.graph.layer.Padding;
import io.headwater.engine.graph.layer.Size;
import io.headwater.engine.weights.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;

/**
 * Converts the convolutions of Deeplearning4j into operations.
 *
 * @param graph the graph to which they are added
 */
record Dl4jConvolutions(GraphAssembly graph) {

    /** Adds a separable convolution as a depthwise convolution followed by a standard 1x1 convolution. */
    void separable(String name, SeparableConvolution2D layer, String below, Map<String, Tensor.F32> weights) {
        Tensor.F32 deep = weights.get("W");
        Tensor.F32 wide = weights.get("pW");
        if (deep == null || wide == null) {
            throw unknown(name, layer, " without weights");
        }
        int multiplier = layer.getDepthMultiplier();
        int channels = Math.multiplyExact(Math.toIntExact(layer.getNIn()), multiplier);
        Convolution whole = operation(name, layer, Convolution.Kind.DEPTHWISE, channels, multiplier);
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
        graph.add(
                name,
                List.of(middle),
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

    /** Returns the operation for {@code layer}. */
    static Convolution operation(
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
}
