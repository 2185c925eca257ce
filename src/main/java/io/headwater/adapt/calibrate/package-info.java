/** Calibration: makes the probabilities of a lane's predictions as large as they are right. */
@NullMarked
package io.headwater.adapt.calibrate;

import org.jspecify.annotations.NullMarked;
