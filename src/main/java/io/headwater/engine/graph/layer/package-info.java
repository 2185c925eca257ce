/** The operations that a vertex of a graph model can be, with their shapes and weights. */
@NullMarked
package io.headwater.engine.graph.layer;

import org.jspecify.annotations.NullMarked;
