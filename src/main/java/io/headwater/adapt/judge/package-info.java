/** Compares the champion with a challenger and decides which serves. */
@NullMarked
package io.headwater.adapt.judge;

import org.jspecify.annotations.NullMarked;
