/** Floor 3: the adaptation step, replay, anchor set and gate: deterministic, no input or output. */
@NullMarked
package io.headwater.adapt;

import org.jspecify.annotations.NullMarked;
