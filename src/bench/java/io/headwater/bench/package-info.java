/** Benchmarks and their common code. Every build compiles them; only {@code bench/run} runs them. */
@NullMarked
package io.headwater.bench;

import org.jspecify.annotations.NullMarked;
