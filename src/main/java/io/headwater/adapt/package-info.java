/**
 * Floor 3: a lane, which consists of a memory, contenders and a champion, and its training steps. Deterministic and
 * without I/O.
 */
@NullMarked
package io.headwater.adapt;

import org.jspecify.annotations.NullMarked;
