/** Floor 3: a lane, which is a memory, contenders and a champion, and its steps. Deterministic, without input or output. */
@NullMarked
package io.headwater.adapt;

import org.jspecify.annotations.NullMarked;
