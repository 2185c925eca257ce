/** Compares the champion with a challenger and decides which of them serves. */
@NullMarked
package io.headwater.adapt.judge;

import org.jspecify.annotations.NullMarked;
