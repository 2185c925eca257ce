/**
 * Untrained models of several families of architectures: the graph as it is stored in a file and the graph to train,
 * with initial weights drawn from a seed. This package knows ONNX only as a file format and runs no model.
 */
@NullMarked
package io.headwater.engine.family;

import org.jspecify.annotations.NullMarked;
