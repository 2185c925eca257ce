/** How much space the artifacts of a lane take. */
@NullMarked
package io.headwater.bench.space;

import org.jspecify.annotations.NullMarked;
