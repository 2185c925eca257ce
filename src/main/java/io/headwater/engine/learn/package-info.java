/** What all trainable heads share: parameters, optimisers, learning rates, phases of unfreezing, dropout and the loss of a step. */
@NullMarked
package io.headwater.engine.learn;

import org.jspecify.annotations.NullMarked;
