/** Floor 2, below {@code engine}: ONNX files as messages and graphs; knows no runtime and runs nothing. */
@NullMarked
package io.headwater.engine.onnx;

import org.jspecify.annotations.NullMarked;
