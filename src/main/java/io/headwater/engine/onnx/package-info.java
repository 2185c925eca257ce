/**
 * ONNX files as protobuf messages and graphs. This is the layer below {@code engine}; it uses no runtime and runs no
 * model.
 */
@NullMarked
package io.headwater.engine.onnx;

import org.jspecify.annotations.NullMarked;
