/** Graph base models: their file format, the converters into it, and the Deeplearning4j graphs built from it. */
@NullMarked
package io.headwater.engine.graph;

import org.jspecify.annotations.NullMarked;
