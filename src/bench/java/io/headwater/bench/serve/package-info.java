/** Predictions over HTTP, and what they cost more than the base model alone. */
@NullMarked
package io.headwater.bench.serve;

import org.jspecify.annotations.NullMarked;
