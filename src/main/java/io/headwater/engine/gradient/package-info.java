/**
 * Reverse-mode differentiation of ONNX graphs: from the nodes of a forward pass, it builds a second ONNX graph that
 * computes the gradients of the weights. This package knows ONNX only as a file format and runs no model.
 */
@NullMarked
package io.headwater.engine.gradient;

import org.jspecify.annotations.NullMarked;
