/** Converts Keras and Deeplearning4j files into graph modelsin a separate process. */
@NullMarked
package io.headwater.engine.graph.convert;

import org.jspecify.annotations.NullMarked;
