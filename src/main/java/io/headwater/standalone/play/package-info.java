/** Simulated environments, and actors that play them with a lane in the same process or with the serving version. */
@NullMarked
package io.headwater.standalone.play;

import org.jspecify.annotations.NullMarked;
