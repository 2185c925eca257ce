/** Tensors and weights at rest: safetensors files and half precision. */
@NullMarked
package io.headwater.engine.weights;

import org.jspecify.annotations.NullMarked;
