package io.headwater.engine.graph.convert;

import io.headwater.engine.graph.TensorForms;
import io.headwater.engine.graph.layer.Activation;
import io.headwater.engine.graph.layer.Convolution;
import io.headwater.engine.graph.layer.Padding;
import io.headwater.engine.graph.layer.Size;
import io.headwater.engine.weights.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Converts the convolutions of Keras into operations.
 *
 * @param file the file that holds the weights
 * @param graph the graph to which they are added
 */
record KerasConvolutions(KerasFile file, GraphAssembly graph) {

    /** Adds a standard convolution. */
    void convolution(KerasConfig layer, String below) {
        layer.require("groups", "1");
        KerasWeights read = KerasWeights.of(file, layer);
        Map<String, Tensor.F32> weights = read.bias();
        weights.put("W", TensorForms.permuted(read.weight("kernel", 4), 3, 2, 0, 1));
        graph.add(
                layer.name(),
                List.of(below),
                operation(layer, Convolution.Kind.STANDARD, layer.number("filters", 0), 1),
                weights);
    }

    /** Adds a depthwise convolution. */
    void depthwise(KerasConfig layer, String below) {
        KerasWeights read = KerasWeights.of(file, layer);
        Tensor.F32 kernel = read.weight(read.read().containsKey("kernel") ? "kernel" : "depthwise_kernel", 4);
        Map<String, Tensor.F32> weights = read.bias();
        weights.put("W", kernel);
        int[] shape = kernel.shape();
        graph.add(
                layer.name(),
                List.of(below),
                operation(layer, Convolution.Kind.DEPTHWISE, shape[2] * shape[3], shape[3]),
                weights);
    }

    /** Adds a separable convolution as a depthwise convolution followed by a standard 1x1 convolution. */
    void separable(KerasConfig layer, String below) {
        KerasWeights read = KerasWeights.of(file, layer);
        Tensor.F32 kernel = read.weight("depthwise_kernel", 4);
        int[] shape = kernel.shape();
        String middle = layer.name() + "-depthwise";
        Convolution wanted = operation(layer, Convolution.Kind.DEPTHWISE, shape[2] * shape[3], shape[3]);
        graph.add(
                middle,
                List.of(below),
                new Convolution(
                        wanted.kind(),
                        wanted.filters(),
                        wanted.multiplier(),
                        wanted.kernel(),
                        wanted.strides(),
                        wanted.dilation(),
                        wanted.padding(),
                        false,
                        Activation.LINEAR),
                Map.of("W", kernel));
        Map<String, Tensor.F32> weights = read.bias();
        weights.put("W", TensorForms.permuted(read.weight("pointwise_kernel", 4), 3, 2, 0, 1));
        graph.add(
                layer.name(),
                List.of(middle),
                new Convolution(
                        Convolution.Kind.STANDARD,
                        layer.number("filters", 0),
                        1,
                        Size.ONE,
                        Size.ONE,
                        Size.ONE,
                        Padding.VALID,
                        wanted.bias(),
                        wanted.activation()),
                weights);
    }

    private static Convolution operation(KerasConfig layer, Convolution.Kind kind, int filters, int multiplier) {
        return new Convolution(
                kind,
                filters,
                multiplier,
                layer.size("kernel_size", Size.ONE),
                layer.size("strides", Size.ONE),
                layer.size("dilation_rate", Size.ONE),
                layer.padding(),
                layer.flag("use_bias", true),
                layer.activation("activation"));
    }
}
