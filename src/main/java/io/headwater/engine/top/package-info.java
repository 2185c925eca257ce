/**
 * Builds a trainable graph from the part of an ONNX model above a cut: its nodes verbatim, an output layer appended,
 * and its parameters as inputs. This package knows ONNX only as a file format and runs no model.
 */
@NullMarked
package io.headwater.engine.top;

import org.jspecify.annotations.NullMarked;
