/**
 * The part of an ONNX model above a cut as a graph that can be trained: its nodes verbatim, an output layer appended, and
 * its parameters as inputs. It knows ONNX as a format only and runs nothing.
 */
@NullMarked
package io.headwater.engine.top;

import org.jspecify.annotations.NullMarked;
