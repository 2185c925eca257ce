/** Benchmarks of training steps: unfrozen tops beside the same tops in PyTorch, gradients, memory over many steps. */
@NullMarked
package io.headwater.bench.top;

import org.jspecify.annotations.NullMarked;
