package io.headwater.engine.graph.convert;

import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.weights.Tensor;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The weights of a layer of Keras.
 *
 * @param layer whose they are
 * @param read all that the file has of it, by name
 */
record KerasWeights(KerasConfig layer, Map<String, Tensor.F32> read) {

    /** Those of {@code layer} in {@code file}. */
    static KerasWeights of(KerasFile file, KerasConfig layer) {
        return new KerasWeights(layer, file.weights(layer.name()));
    }

    /** The bias of the layer, where it has one; others may be added. */
    Map<String, Tensor.F32> bias() {
        Map<String, Tensor.F32> weights = new TreeMap<>();
        if (layer.flag("use_bias", true)) {
            weights.put("b", weight("bias", 1));
        }
        return weights;
    }

    /**
     * The weight of that name.
     *
     * @throws GraphException when the layer has none of that rank
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
