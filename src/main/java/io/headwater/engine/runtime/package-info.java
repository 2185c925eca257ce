/** ONNX base models in ONNX Runtime: sessions, backbones, cuts, and heads that are the trainable top of a model. */
@NullMarked
package io.headwater.engine.runtime;

import org.jspecify.annotations.NullMarked;
