/** Prediction sets and intervals that contain the truth as often as configured. */
@NullMarked
package io.headwater.adapt.conformal;

import org.jspecify.annotations.NullMarked;
