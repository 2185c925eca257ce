package io.headwater.engine;

import io.headwater.engine.weights.Tensor;
import java.util.Map;
import java.util.TreeMap;

/**
 * Weights and optimiser state of a head, independent of any library and sufficient to continue training bit for bit.
 *
 * @param parameters the parameters by name, such as {@code output/W} [inputs, outputs] and {@code output/b} [outputs]
 * @param optimiser the optimiser state by name: moments, such as {@code adam.m/output/W}, each with the shape of its
 *     parameter, and {@code steps/group} if groups of parameters were trained for different numbers of steps; empty if
 *     untrained
 * @param iteration the number of steps taken
 */
public record HeadState(Map<String, Tensor.F32> parameters, Map<String, Tensor.F32> optimiser, long iteration) {
    public HeadState {
        parameters = java.util.Collections.unmodifiableMap(new TreeMap<>(parameters));
        optimiser = java.util.Collections.unmodifiableMap(new TreeMap<>(optimiser));
    }

    /** Returns the state of an untrained head with given weights, for inference or as the start of training. */
    public static HeadState ofParameters(Map<String, Tensor.F32> parameters) {
        return new HeadState(parameters, Map.of(), 0);
    }

    /**
     * Returns the number of outputs of a head with these parameters, which is the length of {@code output/b}.
     *
     * @throws IllegalArgumentException when there is no such vector
     */
    public static int outputs(Map<String, Tensor.F32> parameters) {
        Tensor.F32 bias = parameters.get("output/b");
        if (bias == null || bias.shape().length != 1) {
            throw new IllegalArgumentException(
                    "a head's state needs a tensor output/b of rank 1, but has " + new TreeMap<>(parameters).keySet());
        }
        return bias.shape()[0];
    }
}
