/**
 * Code shared by all trainable heads: parameters, optimisers, learning rates, phases of unfreezing, dropout and loss.
 */
@NullMarked
package io.headwater.engine.learn;

import org.jspecify.annotations.NullMarked;
