package io.headwater.engine.onnx;

import java.util.List;

/**
 * Floating-point tensors that together separate a model: every way from the sample to the outputs passes one of them,
 * ways through {@code Shape} and {@code Size} aside.
 *
 * @param tensors their names, in the order of computation; 1 to 3
 * @param oneNode whether one node computes all of them
 * @param parametersAbove elements of the floating-point initializers with more than one element that nodes above read
 * @param shareAbove {@code parametersAbove} of those of all nodes that the outputs need, 0 to 1; 0 where there are none
 * @param inputsAbove the inputs besides the sample, such as masks, that nodes above read
 * @param shapesAbove tensors below, or inputs with the sample, of which nodes above read the shape only
 */
public record Cut(
        List<String> tensors,
        boolean oneNode,
        long parametersAbove,
        double shareAbove,
        List<String> inputsAbove,
        List<String> shapesAbove) {

    public Cut {
        tensors = List.copyOf(tensors);
        inputsAbove = List.copyOf(inputsAbove);
        shapesAbove = List.copyOf(shapesAbove);
    }
}
