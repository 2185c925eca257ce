/** Benchmarks of training steps: unfrozen tops compared with PyTorch, gradients, and memory over many steps. */
@NullMarked
package io.headwater.bench.top;

import org.jspecify.annotations.NullMarked;
