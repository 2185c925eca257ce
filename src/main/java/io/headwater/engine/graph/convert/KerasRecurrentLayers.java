package io.headwater.engine.graph.convert;

import io.headwater.engine.graph.TensorForms;
import io.headwater.engine.graph.layer.Activation;
import io.headwater.engine.graph.layer.LastStep;
import io.headwater.engine.graph.layer.Recurrent;
import io.headwater.engine.weights.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Converts the recurrent layers of Keras into operations.
 *
 * @param file the file that holds the weights
 * @param graph the graph to which they are added
 */
record KerasRecurrentLayers(KerasFile file, GraphAssembly graph) {

    /** Adds a recurrent layer that returns all its steps or only the last one. */
    void add(KerasConfig layer, String below) {
        layer.require("go_backwards", "false");
        layer.require("stateful", "false");
        boolean lstm = layer.type().equals("LSTM");
        int units = layer.number("units", 0);
        KerasWeights read = KerasWeights.of(file, layer);
        Map<String, Tensor.F32> weights = new TreeMap<>();
        weights.put("W", read.weight("kernel", 2));
        weights.put("RW", read.weight("recurrent_kernel", 2));
        weights.put(
                "b",
                layer.flag("use_bias", true) ? read.weight("bias", 1) : TensorForms.filled((lstm ? 4 : 1) * units, 0));
        if (lstm) {
            weights.replaceAll(
                    (name, tensor) -> TensorForms.blocks(tensor, 2, 1, 3, 0)); // i, f, c, o becomes c, f, o, i
        }
        Recurrent operation = new Recurrent(
                lstm ? Recurrent.Kind.LSTM : Recurrent.Kind.SIMPLE,
                units,
                layer.activation("activation"),
                lstm ? layer.activation("recurrent_activation") : Activation.LINEAR);
        if (layer.flag("return_sequences", false)) {
            graph.add(layer.name(), List.of(below), operation, weights);
        } else {
            String steps = layer.name() + "-steps";
            graph.add(steps, List.of(below), operation, weights);
            graph.add(layer.name(), steps, new LastStep());
        }
    }
}
