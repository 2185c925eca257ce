/** Contenders whose linear heads are computed in closed form from the samples of a lane, and the race between them. */
@NullMarked
package io.headwater.adapt.race;

import org.jspecify.annotations.NullMarked;
