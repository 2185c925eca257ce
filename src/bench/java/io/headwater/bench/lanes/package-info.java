/** How a trainer copes with many lanes. */
@NullMarked
package io.headwater.bench.lanes;

import org.jspecify.annotations.NullMarked;
