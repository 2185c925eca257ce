/** Finds what happened to single requests. */
@NullMarked
package io.headwater.ops.trace;

import org.jspecify.annotations.NullMarked;
