/** The hardware and libraries that the engine runs on. */
@NullMarked
package io.headwater.engine.device;

import org.jspecify.annotations.NullMarked;
