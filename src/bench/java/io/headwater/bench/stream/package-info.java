/** Benchmarks of trainer and predictor with a broker: throughput, cost of checkpoints, latency and memory. */
@NullMarked
package io.headwater.bench.stream;

import org.jspecify.annotations.NullMarked;
