/** Floor 2: the ports and values of models: backbones, heads, objectives, output layers. The packages below implement them; with {@code task} they alone import Deeplearning4j, ND4J and ONNX Runtime. */
@NullMarked
package io.headwater.engine;

import org.jspecify.annotations.NullMarked;
