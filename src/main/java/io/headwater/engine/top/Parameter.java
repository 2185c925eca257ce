package io.headwater.engine.top;

import onnx.Onnx.TensorProto;
import org.jspecify.annotations.Nullable;

/**
 * Something that training changes.
 *
 * @param shape of it; -1 for the number of classes
 * @param pretrained its first values in single precision, as raw data; null for what the base model does not have
 * @param depth 0 for the output layer, 1 for the topmost block, and so on down
 * @param role what it does
 */
public record Parameter(long[] shape, @Nullable TensorProto pretrained, int depth, ParameterRole role) {}
