/** Benchmarks of the role that joins late labels. */
@NullMarked
package io.headwater.bench.streams;

import org.jspecify.annotations.NullMarked;
