/** Benchmarks of a trainer and a predictor with a broker: throughput, pauses of checkpoints, latency and memory. */
@NullMarked
package io.headwater.bench.stream;

import org.jspecify.annotations.NullMarked;
