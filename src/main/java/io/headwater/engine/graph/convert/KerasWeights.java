package io.headwater.engine.graph.convert;

import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.weights.Tensor;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The weights of a Keras layer.
 *
 * @param layer the layer
 * @param read all weights that the file has for the layer, by name
 */
record KerasWeights(KerasConfig layer, Map<String, Tensor.F32> read) {

    /** Returns the weights of {@code layer} in {@code file}. */
    static KerasWeights of(KerasFile file, KerasConfig layer) {
        return new KerasWeights(layer, file.weights(layer.name()));
    }

    /** Returns a map with the bias of the layer, if it has one, to which other weights can be added. */
    Map<String, Tensor.F32> bias() {
        Map<String, Tensor.F32> weights = new TreeMap<>();
        if (layer.flag("use_bias", true)) {
            weights.put("b", weight("bias", 1));
        }
        return weights;
    }

    /**
     * Returns the weight with that name.
     *
     * @throws GraphException when the layer has no such weight of that rank
     */
    Tensor.F32 weight(String name, int rank) {
        Tensor.F32 tensor = read.get(name);
        if (tensor == null || tensor.shape().length != rank) {
            throw new GraphException("layer '" + layer.name() + "' (" + layer.type() + ") must have a weight '" + name
                    + "' of rank " + rank + ", but has " + read.keySet());
        }
        return Objects.requireNonNull(tensor);
    }
}
