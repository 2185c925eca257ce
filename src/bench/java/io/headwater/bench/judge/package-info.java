/** Simulations of the tests with which a lane decides what serves and whether its stream has changed. */
@NullMarked
package io.headwater.bench.judge;

import org.jspecify.annotations.NullMarked;
