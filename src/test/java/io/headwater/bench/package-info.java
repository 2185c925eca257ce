/** Benchmarks: run by {@code bench/run}, never by the build. */
@NullMarked
package io.headwater.bench;

import org.jspecify.annotations.NullMarked;
