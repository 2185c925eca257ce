/**
 * Floor 2: the interfaces and records of models: backbones, heads, objectives, output layers. The packages below implement
 * them; with {@code task}, they are the only ones that import Deeplearning4j, ND4J and ONNX Runtime.
 */
@NullMarked
package io.headwater.engine;

import org.jspecify.annotations.NullMarked;
