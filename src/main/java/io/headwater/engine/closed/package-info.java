/** Exact sums of features and targets, and output layers in closed form from them: nearest mean, discriminant, ridge. */
@NullMarked
package io.headwater.engine.closed;

import org.jspecify.annotations.NullMarked;
