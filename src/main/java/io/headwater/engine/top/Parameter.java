package io.headwater.engine.top;

import onnx.Onnx.TensorProto;
import org.jspecify.annotations.Nullable;

/**
 * A tensor that training changes.
 *
 * @param shape its shape, with -1 for the number of classes
 * @param pretrained its initial values in single precision as raw data; null if the base model does not have the
 *     parameter
 * @param depth 0 for the output layer, 1 for the topmost block, increasing downwards
 * @param role how the model uses it
 */
public record Parameter(long[] shape, @Nullable TensorProto pretrained, int depth, ParameterRole role) {}
