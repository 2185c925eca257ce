/**
 * Models of families of architectures before they have learned anything: the graph as a file will have it and the graph
 * that trains it, with first weights drawn from a seed. It knows ONNX as a format only and runs nothing.
 */
@NullMarked
package io.headwater.engine.family;

import org.jspecify.annotations.NullMarked;
