/** Floor 2: backbones, heads and weights at rest; with {@code task} the only importer of DL4J, ND4J and ONNX Runtime. */
@NullMarked
package io.headwater.engine;

import org.jspecify.annotations.NullMarked;
