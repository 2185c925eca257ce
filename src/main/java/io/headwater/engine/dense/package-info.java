/** Heads of dense layers on frozen features, computed by Deeplearning4j. */
@NullMarked
package io.headwater.engine.dense;

import org.jspecify.annotations.NullMarked;
