package io.headwater.engine;

import io.headwater.engine.weights.Tensor;
import java.util.Map;
import java.util.TreeMap;

/**
 * Weights and optimiser state of a head, apart from any library: enough to go on bit for bit.
 *
 * @param parameters by name, such as {@code output/W} [inputs, outputs] and {@code output/b} [outputs]
 * @param optimiser by name: moments, such as {@code adam.m/output/W}, each of its parameter's shape, and where groups of
 *     parameters learned for different times {@code steps/group}; empty when it has seen nothing
 * @param iteration steps taken
 */
public record HeadState(Map<String, Tensor.F32> parameters, Map<String, Tensor.F32> optimiser, long iteration) {
    public HeadState {
        parameters = java.util.Collections.unmodifiableMap(new TreeMap<>(parameters));
        optimiser = java.util.Collections.unmodifiableMap(new TreeMap<>(optimiser));
    }

    /** A head that only answers, or that begins to learn from given weights: its optimiser has seen nothing. */
    public static HeadState ofParameters(Map<String, Tensor.F32> parameters) {
        return new HeadState(parameters, Map.of(), 0);
    }

    /**
     * How many values the output layer of a head with these parameters gives: as many as {@code output/b} has.
     *
     * @throws IllegalArgumentException when they have no such vector
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
