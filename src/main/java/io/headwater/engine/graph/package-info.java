/** Graph base models: their own form at rest, the converters into it, and Deeplearning4j graphs made of it. */
@NullMarked
package io.headwater.engine.graph;

import org.jspecify.annotations.NullMarked;
