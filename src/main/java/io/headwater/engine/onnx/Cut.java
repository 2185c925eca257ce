package io.headwater.engine.onnx;

import java.util.List;

/**
 * Floating-point tensors that together separate a model: every path from the sample to the outputs passes through one
 * of them, except for paths through {@code Shape} and {@code Size}.
 *
 * @param tensors their names, in the order of computation; 1 to 3
 * @param oneNode whether one node computes all of them
 * @param parametersAbove number of elements of the floating-point weights with more than one element that nodes above the
 *     cut read or hold in their subgraphs
 * @param shareAbove {@code parametersAbove} as a fraction of the parameters of all nodes that the outputs need, 0 to 1;
 *     0 if there are no parameters
 * @param inputsAbove the inputs other than the sample, such as masks, that nodes above the cut read
 * @param shapesAbove tensors below the cut, or sample inputs, of which nodes above the cut read only the shape
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
