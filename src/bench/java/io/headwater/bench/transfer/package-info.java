/** Compares adapted models with the same architecture trained from scratch and with a linear probe. */
@NullMarked
package io.headwater.bench.transfer;

import org.jspecify.annotations.NullMarked;
