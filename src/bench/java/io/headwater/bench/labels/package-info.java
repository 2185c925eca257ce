/** Labels that are few. */
@NullMarked
package io.headwater.bench.labels;

import org.jspecify.annotations.NullMarked;
