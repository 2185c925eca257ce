/** Converts Keras and Deeplearning4j files into graph models; runs in a process of its own. */
@NullMarked
package io.headwater.engine.graph.convert;

import org.jspecify.annotations.NullMarked;
