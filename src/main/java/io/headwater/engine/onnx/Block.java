package io.headwater.engine.onnx;

import java.util.List;
import java.util.Optional;

/**
 * A layer or a block of layers of a model, with parameters of its own.
 *
 * @param name the common part of the names of its parameters or nodes, such as {@code encoder.layer.5}
 * @param parameters number of elements of the floating-point initializers with more than one element that its nodes
 *     read
 * @param weights the names of these initializers
 * @param below the cut directly below it; empty for the lowest block, which has only inputs below it
 */
public record Block(String name, long parameters, List<String> weights, Optional<Cut> below) {
    public Block {
        weights = List.copyOf(weights);
    }
}
