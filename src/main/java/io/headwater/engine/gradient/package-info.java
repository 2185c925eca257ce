/**
 * Reverse-mode differentiation of ONNX graphs: from the nodes of a forward pass to one more ONNX graph that computes the
 * gradients of its weights. It knows ONNX as a format only and runs nothing.
 */
@NullMarked
package io.headwater.engine.gradient;

import org.jspecify.annotations.NullMarked;
